//! The hosting platform port: sessions around calls, and every call's answer in our words.

use crate::calls::{self, Call};
use crate::codes;
use crate::configuration::AddonMapping;
use crate::directory::PlatformDirectory;
use crate::map;
use crate::outcome::Reading;
use crate::transport::Transport;
use crate::wire;
use crate::wire::environment::{Creation, EnvironmentInfo, EnvironmentList};
use crate::wire::marketplace::{AddonList, InstallAnswer};
use crate::wire::tracking::{Action, ActionList};
use async_trait::async_trait;
use domain::SecretText;
use domain::ids::StepAttemptId;
use domain::names::{DisplayName, RegionName, ShortDomain};
use domain::platform_account::PlatformAccountRef;
use domain::ports::{
    CreatedEnvironment, EnvironmentSpec, HostingPlatform, InstalledOnPlatform, MutationOutcome,
    MutationTicket, NotSentReason, ObservedEnvironment, PackageSpec, PlatformReadError,
    PlatformSessions, TrackedAction,
};
use domain::software::{Addon, PlatformUniqueName};
use jiff::Timestamp;
use std::sync::Arc;

mod mutation;
mod read;

/// Most pages of tracked actions that one search reads.
const SEARCH_PAGES_MAX: usize = 10;

/// [`HostingPlatform`] on the configured platforms.
///
/// Reads are sent again where that may help; mutations never, except once after the platform said
/// that a session had ended before the call began, inside the same send window. Dropping a future
/// gives its call up; what the platform had received goes on there.
pub struct VirtuozzoPlatforms {
    directory: Arc<PlatformDirectory>,
    sessions: Arc<dyn PlatformSessions>,
}

impl VirtuozzoPlatforms {
    /// On these platforms, with sessions from there.
    pub fn new(directory: Arc<PlatformDirectory>, sessions: Arc<dyn PlatformSessions>) -> Self {
        Self {
            directory,
            sessions,
        }
    }

    fn transport(&self, account: &PlatformAccountRef) -> Option<&Transport> {
        self.directory.find(&account.platform)
    }

    fn addon(&self, account: &PlatformAccountRef, addon: Addon) -> Option<&AddonMapping> {
        self.transport(account)?.settings().addons.get(&addon)
    }

    async fn install(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        call: Call,
    ) -> MutationOutcome<InstalledOnPlatform> {
        self.mutate(account, ticket, call, Reading::Marketplace, |body| {
            let answer: InstallAnswer = wire::read(body)?;
            let unique_name = answer.installed_name().map(PlatformUniqueName);
            Ok(InstalledOnPlatform { unique_name })
        })
        .await
    }
}

#[async_trait]
impl HostingPlatform for VirtuozzoPlatforms {
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

    async fn list_running_actions(
        &self,
        account: &PlatformAccountRef,
    ) -> Result<Vec<TrackedAction>, PlatformReadError> {
        self.read(account, calls::tracking::current_actions(), |body| {
            let list: ActionList = wire::read(body)?;
            Ok(list
                .array
                .iter()
                .map(|action| map::action(action, true))
                .collect())
        })
        .await
    }

    async fn find_actions_of(
        &self,
        account: &PlatformAccountRef,
        attempt: StepAttemptId,
        since: Timestamp,
    ) -> Result<Vec<TrackedAction>, PlatformReadError> {
        let mut found = Vec::new();
        for page in 0..SEARCH_PAGES_MAX {
            let start_row = page * calls::tracking::PAGE_ACTIONS;
            let call = calls::tracking::search_actions(since, start_row);
            let actions: Vec<Action> = self
                .read(account, call, |body| {
                    Ok(wire::read::<ActionList>(body)?.array)
                })
                .await?;
            let tracked = actions.iter().map(|action| map::action(action, false));
            found.extend(tracked.filter(|action| action.attempt == Some(attempt)));
            if actions.len() < calls::tracking::PAGE_ACTIONS {
                return Ok(found);
            }
        }
        if found.is_empty() {
            // The rest was not seen, so this is no proof that there is nothing.
            return Err(PlatformReadError::Unavailable(
                "too many tracked actions".into(),
            ));
        }
        Ok(found)
    }

    async fn list_installations(
        &self,
        account: &PlatformAccountRef,
        short_domain: &ShortDomain,
    ) -> Result<Vec<PlatformUniqueName>, PlatformReadError> {
        self.read(account, calls::installations::installations(), |body| {
            Ok(map::installations(wire::read(body)?, short_domain))
        })
        .await
    }

    async fn is_addon_available(
        &self,
        account: &PlatformAccountRef,
        short_domain: &ShortDomain,
        addon: Addon,
    ) -> Result<bool, PlatformReadError> {
        let Some(mapping) = self.addon(account, addon) else {
            return Ok(false);
        };
        let call = calls::marketplace::addon_list(short_domain, mapping.node_group.as_deref());
        self.read(account, call, |body| {
            let list: AddonList = wire::read(body)?;
            let wanted = Some(mapping.app_id.as_str());
            Ok(list
                .apps
                .iter()
                .any(|app| app.app_id.as_deref() == wanted || app.id.as_deref() == wanted))
        })
        .await
    }

    fn is_addon_configured(&self, account: &PlatformAccountRef, addon: Addon) -> bool {
        self.addon(account, addon).is_some()
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

    async fn set_display_name(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        display_name: &DisplayName,
    ) -> MutationOutcome<()> {
        let call = calls::environments::set_display_name(short_domain, display_name);
        self.mutate(account, ticket, call, Reading::Plain, |_| Ok(()))
            .await
    }

    async fn install_package(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        package: &PackageSpec,
    ) -> MutationOutcome<InstalledOnPlatform> {
        let call = calls::marketplace::install_package(short_domain, package);
        self.install(account, ticket, call).await
    }

    async fn install_addon(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        addon: Addon,
    ) -> MutationOutcome<InstalledOnPlatform> {
        let Some(mapping) = self.addon(account, addon) else {
            return MutationOutcome::NotSent(NotSentReason::NotConfigured);
        };
        let call = calls::marketplace::install_addon(short_domain, mapping);
        self.install(account, ticket, call).await
    }

    async fn uninstall(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        unique_name: &PlatformUniqueName,
    ) -> MutationOutcome<()> {
        let call = calls::installations::uninstall(unique_name);
        self.mutate(account, ticket, call, Reading::Marketplace, |_| Ok(()))
            .await
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
