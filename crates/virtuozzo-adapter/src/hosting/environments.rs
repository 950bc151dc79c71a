//! Environments as wholes.

use super::VirtuozzoPlatforms;
use crate::calls;
use crate::codes;
use crate::map;
use crate::outcome::Reading;
use crate::wire;
use crate::wire::environment::{Creation, EnvironmentInfo, EnvironmentList};
use async_trait::async_trait;
use domain::SecretText;
use domain::names::{DisplayName, RegionName, ShortDomain};
use domain::platform_account::PlatformAccountRef;
use domain::ports::{
    CreatedEnvironment, EnvironmentSpec, MutationOutcome, MutationTicket, ObservedEnvironment,
    PlatformEnvironments, PlatformReadError,
};

#[async_trait]
impl PlatformEnvironments for VirtuozzoPlatforms {
    async fn is_short_domain_free(
        &self,
        account: &PlatformAccountRef,
        short_domain: &ShortDomain,
        region: Option<RegionName>,
    ) -> Result<bool, PlatformReadError> {
        let call = calls::domains::check_domain(short_domain, region.as_ref());
        match self.read(account, call, |_| Ok(())).await {
            Ok(()) => Ok(true),
            Err(PlatformReadError::Refused(refusal))
                if calls::domains::means_taken(refusal.result) =>
            {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    async fn observe_environment(
        &self,
        account: &PlatformAccountRef,
        short_domain: &ShortDomain,
    ) -> Result<Option<ObservedEnvironment>, PlatformReadError> {
        let call = calls::environments::environment_info(short_domain);
        let observed = self
            .read(account, call, |body| {
                map::environment_named(wire::read::<EnvironmentInfo>(body)?, short_domain)
            })
            .await;
        match observed {
            Ok(environment) => Ok(Some(environment)),
            Err(PlatformReadError::Refused(refusal))
                if [codes::NO_SUCH_APPLICATION, codes::NO_SUCH_ENVIRONMENT]
                    .contains(&refusal.result) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    async fn list_environments(
        &self,
        account: &PlatformAccountRef,
    ) -> Result<Vec<ObservedEnvironment>, PlatformReadError> {
        self.read(account, calls::environments::environments(), |body| {
            let list: EnvironmentList = wire::read(body)?;
            list.infos
                .into_iter()
                .filter_map(|info| map::environment(info).transpose())
                .collect()
        })
        .await
    }

    async fn create_environment(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        spec: &EnvironmentSpec,
    ) -> MutationOutcome<CreatedEnvironment> {
        let call = calls::environments::create_environment(spec, ticket.attempt);
        self.mutate(account, ticket, call, Reading::Plain, |body| {
            let answer: Creation = wire::read(body)?;
            let info = answer
                .response
                .ok_or(wire::WireError::Missing("response"))?;
            map::created(info, &spec.short_domain)
        })
        .await
    }

    async fn clone_environment(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        source: &ShortDomain,
        destination: &ShortDomain,
    ) -> MutationOutcome<CreatedEnvironment> {
        let call = calls::environments::clone_environment(source, destination);
        self.mutate(account, ticket, call, Reading::Plain, |body| {
            map::created(wire::read::<EnvironmentInfo>(body)?, destination)
        })
        .await
    }

    async fn set_display_name(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        display_name: &DisplayName,
    ) -> MutationOutcome<()> {
        let call = calls::environments::set_display_name(short_domain, display_name);
        self.perform(account, ticket, call).await
    }

    async fn delete_environment(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        confirmation: Option<SecretText>,
    ) -> MutationOutcome<()> {
        let name = short_domain.as_str();
        let call = calls::environments::delete_environment(name, confirmation.as_ref());
        self.mutate(account, ticket, call, Reading::Deletion, |_| Ok(()))
            .await
    }
}
