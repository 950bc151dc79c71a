//! Packages, add-ons and their actions.

use super::VirtuozzoPlatforms;
use crate::calls::{self, Call};
use crate::codes;
use crate::configuration::{ActionMapping, AddonMapping, BackupMapping, MbadminMapping};
use crate::map;
use crate::outcome::Reading;
use crate::wire;
use crate::wire::marketplace::{AddonList, InstallAnswer};
use async_trait::async_trait;
use domain::names::{ParameterName, ShortDomain, SnapshotName};
use domain::platform_account::PlatformAccountRef;
use domain::ports::{
    InstalledOnPlatform, MutationOutcome, MutationTicket, NotSentReason, PackageSpec,
    PlatformReadError, PlatformSoftware, Refusal, RefusalClass,
};
use domain::software::{Addon, BackupAction, MbadminAction, PlatformUniqueName};
use std::collections::BTreeMap;

impl VirtuozzoPlatforms {
    fn addon(&self, account: &PlatformAccountRef, addon: Addon) -> Option<&AddonMapping> {
        self.transport(account)?.settings().addons.get(&addon)
    }

    fn backups(&self, account: &PlatformAccountRef) -> Option<&BackupMapping> {
        Some(&self.transport(account)?.settings().backups)
    }

    fn mbadmin(&self, account: &PlatformAccountRef) -> Option<&MbadminMapping> {
        self.transport(account)?.settings().mbadmin.as_ref()
    }

    fn mbadmin_action(
        &self,
        account: &PlatformAccountRef,
        action: MbadminAction,
    ) -> Option<&ActionMapping> {
        self.mbadmin(account)?.actions.get(&action)
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

    fn mbadmin_package(&self, account: &PlatformAccountRef) -> Option<PackageSpec> {
        self.mbadmin(account).map(|mbadmin| mbadmin.package.clone())
    }

    fn mbadmin_parameters(
        &self,
        account: &PlatformAccountRef,
        action: MbadminAction,
    ) -> Option<Vec<ParameterName>> {
        let mapping = self.mbadmin_action(account, action)?;
        Some(mapping.parameters.keys().cloned().collect())
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
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        installation: &PlatformUniqueName,
        action: MbadminAction,
    ) -> MutationOutcome<()> {
        let Some(mapping) = self.mbadmin_action(account, action) else {
            return MutationOutcome::NotSent(NotSentReason::NotConfigured);
        };
        let call = calls::mbadmin::execute_action(installation, &mapping.action);
        self.mutate(account, ticket, call, Reading::Marketplace, |_| Ok(()))
            .await
    }

    async fn run_mbadmin_action_with_parameters(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        installation: &PlatformUniqueName,
        action: MbadminAction,
        parameters: &[(ParameterName, String)],
    ) -> MutationOutcome<()> {
        let Some(mapping) = self.mbadmin_action(account, action) else {
            return MutationOutcome::NotSent(NotSentReason::NotConfigured);
        };
        let parameters = match in_manifest_words(mapping, parameters) {
            Ok(parameters) => parameters,
            Err(refusal) => return MutationOutcome::Refused(refusal),
        };
        let call = calls::mbadmin::execute_action_with_parameters(
            installation,
            &mapping.action,
            &parameters,
        );
        self.mutate(account, ticket, call, Reading::Marketplace, |_| Ok(()))
            .await
    }

    fn is_backup_configured(&self, account: &PlatformAccountRef, action: BackupAction) -> bool {
        let backups = self.backups(account);
        backups.is_some_and(|backups| match action {
            BackupAction::Create => backups.create.is_some(),
            BackupAction::Restore => backups.restore.is_some(),
        })
    }

    async fn create_backup(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        installation: &PlatformUniqueName,
    ) -> MutationOutcome<()> {
        let mapping = self.backups(account);
        let Some(action) = mapping.and_then(|backups| backups.create.as_deref()) else {
            return MutationOutcome::NotSent(NotSentReason::NotConfigured);
        };
        let call = calls::backups::create_backup(installation, action);
        self.mutate(account, ticket, call, Reading::Marketplace, |_| Ok(()))
            .await
    }

    async fn restore_backup(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        installation: &PlatformUniqueName,
        snapshot: &SnapshotName,
    ) -> MutationOutcome<()> {
        let mapping = self.backups(account);
        let Some(restore) = mapping.and_then(|backups| backups.restore.as_ref()) else {
            return MutationOutcome::NotSent(NotSentReason::NotConfigured);
        };
        let (action, parameter) = (&restore.action, &restore.snapshot);
        let call = calls::backups::restore_backup(installation, action, parameter, snapshot);
        self.mutate(account, ticket, call, Reading::Marketplace, |_| Ok(()))
            .await
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

/// The parameters by the names that the manifest has for them. One that is not mapped, or that is given
/// twice, is refused before anything is sent: class *invalid*, with the platform's own code for a wrong
/// parameter and a text that names it and repeats no value.
fn in_manifest_words<'a>(
    mapping: &'a ActionMapping,
    parameters: &'a [(ParameterName, String)],
) -> Result<BTreeMap<&'a str, &'a str>, Refusal> {
    let mut named = BTreeMap::new();
    for (name, value) in parameters {
        let known = mapping.parameters.get(name);
        let is_new =
            known.is_some_and(|known| named.insert(known.as_str(), value.as_str()).is_none());
        if !is_new {
            let trouble = if known.is_some() {
                "is given twice"
            } else {
                "is not mapped"
            };
            return Err(Refusal {
                class: RefusalClass::Invalid,
                result: codes::INVALID_PARAMETER,
                text: format!("the parameter {name} {trouble}"),
            });
        }
    }
    Ok(named)
}
