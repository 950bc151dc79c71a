//! Layers, nodes and their sizes.

use super::VirtuozzoPlatforms;
use crate::calls;
use crate::map;
use crate::wire;
use crate::wire::topology::LayerList;
use async_trait::async_trait;
use domain::environment::PlatformNodeId;
use domain::names::ShortDomain;
use domain::platform_account::PlatformAccountRef;
use domain::ports::{
    Cloudlets, LayerSpec, MutationOutcome, MutationTicket, NotSentReason, ObservedLayer,
    PlatformReadError, PlatformTopology,
};

#[async_trait]
impl PlatformTopology for VirtuozzoPlatforms {
    async fn list_layers(
        &self,
        account: &PlatformAccountRef,
        short_domain: &ShortDomain,
    ) -> Result<Vec<ObservedLayer>, PlatformReadError> {
        self.read(account, calls::topology::layers(short_domain), |body| {
            let list: LayerList = wire::read(body)?;
            Ok(list.object.into_iter().filter_map(map::layer).collect())
        })
        .await
    }

    async fn set_cloudlets(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
        cloudlets: Cloudlets,
    ) -> MutationOutcome<()> {
        let call = calls::topology::set_cloudlets(short_domain, node, cloudlets);
        self.perform(account, ticket, call).await
    }

    async fn change_topology(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        layers: &[LayerSpec],
    ) -> MutationOutcome<()> {
        let call = calls::environments::environment_info(short_domain);
        let kept = self
            .read(account, call, |body| {
                map::kept_settings(wire::read(body)?, short_domain)
            })
            .await;
        let kept = match kept {
            Ok(kept) => kept,
            Err(error) => return without_reading(error),
        };
        let call = calls::topology::change_topology(short_domain, &kept, layers, ticket.attempt);
        self.perform(account, ticket, call).await
    }
}

/// A mutation that needs a reading which did not work: it surely did not run.
fn without_reading(error: PlatformReadError) -> MutationOutcome<()> {
    match error {
        PlatformReadError::Refused(refusal) => MutationOutcome::Refused(refusal),
        PlatformReadError::Unavailable(reason) => {
            MutationOutcome::NotSent(NotSentReason::Unavailable(reason))
        }
        PlatformReadError::NeedsReauthentication => {
            MutationOutcome::NotSent(NotSentReason::NeedsReauthentication)
        }
        PlatformReadError::AccountChanged => {
            MutationOutcome::NotSent(NotSentReason::AccountChanged)
        }
    }
}
