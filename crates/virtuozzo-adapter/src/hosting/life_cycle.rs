//! Starting, stopping and renewing what runs.

use super::VirtuozzoPlatforms;
use crate::calls;
use async_trait::async_trait;
use domain::names::ShortDomain;
use domain::platform_account::PlatformAccountRef;
use domain::ports::{MutationOutcome, MutationTicket, NodeTarget, PlatformLifeCycle, RedeploySpec};

#[async_trait]
impl PlatformLifeCycle for VirtuozzoPlatforms {
    async fn start_environment(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
    ) -> MutationOutcome<()> {
        let call = calls::life_cycle::start_environment(short_domain);
        self.perform(account, ticket, call).await
    }

    async fn stop_environment(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
    ) -> MutationOutcome<()> {
        let call = calls::life_cycle::stop_environment(short_domain);
        self.perform(account, ticket, call).await
    }

    async fn put_environment_to_sleep(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
    ) -> MutationOutcome<()> {
        let call = calls::life_cycle::put_environment_to_sleep(short_domain);
        self.perform(account, ticket, call).await
    }

    async fn restart_services(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        target: &NodeTarget,
    ) -> MutationOutcome<()> {
        let call = calls::life_cycle::restart_services(short_domain, target);
        self.perform(account, ticket, call).await
    }

    async fn restart_nodes(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        target: &NodeTarget,
    ) -> MutationOutcome<()> {
        let call = calls::life_cycle::restart_nodes(short_domain, target);
        self.perform(account, ticket, call).await
    }

    async fn redeploy(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        target: &NodeTarget,
        spec: &RedeploySpec,
    ) -> MutationOutcome<()> {
        let call = calls::life_cycle::redeploy(short_domain, target, spec);
        self.perform(account, ticket, call).await
    }
}
