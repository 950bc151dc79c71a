//! Packages, add-ons and their actions.

use super::VirtuozzoPlatforms;
use crate::calls::{self, Call};
use crate::configuration::AddonMapping;
use crate::map;
use crate::outcome::Reading;
use crate::wire;
use crate::wire::marketplace::{AddonList, InstallAnswer};
use async_trait::async_trait;
use domain::names::{ParameterName, ShortDomain};
use domain::platform_account::PlatformAccountRef;
use domain::ports::{
    InstalledOnPlatform, MutationOutcome, MutationTicket, NotSentReason, PackageSpec,
    PlatformReadError, PlatformSoftware,
};
use domain::software::{Addon, MbadminAction, PlatformUniqueName};

impl VirtuozzoPlatforms {
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
impl PlatformSoftware for VirtuozzoPlatforms {
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

    fn mbadmin_package(&self, _: &PlatformAccountRef) -> Option<PackageSpec> {
        None
    }

    fn mbadmin_parameters(
        &self,
        _: &PlatformAccountRef,
        _: MbadminAction,
    ) -> Option<Vec<ParameterName>> {
        None
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

    async fn run_mbadmin_action(
        &self,
        _: &PlatformAccountRef,
        _: MutationTicket,
        _: &PlatformUniqueName,
        _: MbadminAction,
    ) -> MutationOutcome<()> {
        MutationOutcome::NotSent(NotSentReason::NotConfigured)
    }

    async fn run_mbadmin_action_with_parameters(
        &self,
        _: &PlatformAccountRef,
        _: MutationTicket,
        _: &PlatformUniqueName,
        _: MbadminAction,
        _: &[(ParameterName, String)],
    ) -> MutationOutcome<()> {
        MutationOutcome::NotSent(NotSentReason::NotConfigured)
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
}
