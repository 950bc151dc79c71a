//! Installs the blueprint's package or an add-on.

use super::UninstallSoftware;
use crate::workflows::context::JobContext;
use crate::workflows::doubt::{
    count_miss, is_same_identity, may_still_be_answered, other_identity,
};
use crate::workflows::payloads::{Baseline, Findings, InstallOutput, decode, encode_own};
use crate::workflows::refusal::{failure_without_answer, not_done_after_read, sent};
use crate::workflows::settings::WorkflowSettings;
use crate::workflows::step::{
    MutationStep, NotDone, ProofClass, Sent, Settled, Undo, WorkflowStep,
};
use async_trait::async_trait;
use domain::error_code::ErrorCode;
use domain::job::journal::StepAttempt;
use domain::job::{EncodedData, WaitReason};
use domain::planted::{self, Fault};
use domain::ports::{
    HeldTransaction, InstalledOnPlatform, MutationTicket, PackageSpec, StoreError, new_id,
};
use domain::software::{Addon, Installation, PlatformUniqueName, Software};
use std::time::Duration;

#[cfg(test)]
mod tests;

/// What is installed.
pub(crate) enum Installable {
    /// The package of the blueprint.
    Package(PackageSpec),
    Addon(Addon),
    /// The package that manages caches.
    Mbadmin(PackageSpec),
}

/// A step that installs, taken back by uninstalling what it installed.
pub(crate) fn install(name: String, what: Installable) -> WorkflowStep {
    let undo = UninstallSoftware::InstalledBy(name.clone());
    WorkflowStep::mutate(name, InstallSoftware(what), Undo::With(Box::new(undo)))
}

/// Installs software in the environment of the job.
pub(crate) struct InstallSoftware(pub(crate) Installable);

fn output_of(installed: InstalledOnPlatform) -> EncodedData {
    let unique_name = installed.unique_name.map(|name| name.0);
    encode_own(&InstallOutput { unique_name })
}

#[async_trait]
impl MutationStep for InstallSoftware {
    fn does(&self) -> &'static str {
        match self.0 {
            Installable::Package(_) => "installs the blueprint's package, if it has one",
            Installable::Addon(_) => "checks that the platform offers it, and installs it",
            Installable::Mbadmin(_) => "installs the configured package that manages caches",
        }
    }

    fn proof(&self) -> ProofClass {
        ProofClass::Observable
    }

    fn answer_within(&self, settings: &WorkflowSettings) -> Duration {
        settings.answer_within_long
    }

    async fn baseline(&self, context: &JobContext<'_>) -> Result<Baseline, NotDone> {
        let read = |error| not_done_after_read(&error, context.settings);
        let short_domain = &context.environment().short_domain;
        if let Installable::Mbadmin(_) = &self.0 {
            refuse_installed(context, &Software::Mbadmin).await?;
        }
        if let Installable::Addon(addon) = &self.0 {
            refuse_installed(context, &Software::Addon(*addon)).await?;
            let is_available = context
                .platform
                .software()
                .is_addon_available(&context.reference, short_domain, *addon)
                .await
                .map_err(read)?;
            if !is_available {
                return Err(NotDone::Failed(failure_without_answer(
                    ErrorCode::PlatformRefused,
                    format!(
                        "the platform does not offer the add-on `{addon}` for this environment"
                    ),
                )));
            }
        }
        let names = context
            .platform
            .software()
            .list_installations(&context.reference, short_domain)
            .await
            .map_err(read)?;
        Ok(Baseline {
            installed_before: Some(names.into_iter().map(|name| name.0).collect()),
            seen_before: None,
        })
    }

    async fn send(&self, context: &JobContext<'_>, ticket: MutationTicket) -> Sent {
        let (platform, account) = (context.platform, &context.reference);
        let short_domain = &context.environment().short_domain;
        let outcome = match &self.0 {
            Installable::Package(package) | Installable::Mbadmin(package) => {
                platform
                    .software()
                    .install_package(account, ticket, short_domain, package)
                    .await
            }
            Installable::Addon(addon) => {
                platform
                    .software()
                    .install_addon(account, ticket, short_domain, *addon)
                    .await
            }
        };
        sent(outcome, context.settings, |installed| {
            Some(output_of(installed))
        })
    }

    /// Once nothing runs any more, exactly one new name is ours. None is proof of nothing having
    /// happened only when the tracking says that it ended in an error or never began.
    async fn settle(
        &self,
        context: &JobContext<'_>,
        attempts: &[&StepAttempt],
        findings: &mut Findings,
    ) -> Result<Settled, NotDone> {
        let Some(newest) = attempts.last() else {
            return Ok(Settled::NotApplied);
        };
        if !is_same_identity(context, newest) {
            return Err(other_identity());
        }
        let read = |error| not_done_after_read(&error, context.settings);
        let (platform, account) = (context.platform, &context.reference);
        let short_domain = &context.environment().short_domain;
        let running = platform
            .tracking()
            .list_running_actions(account)
            .await
            .map_err(read)?;
        if running.iter().any(|action| {
            action.attempt == Some(newest.id)
                || action.short_domain.as_deref() == Some(short_domain.as_str())
        }) {
            return Ok(Settled::Unknown);
        }
        let mut before = Baseline::of(newest).installed_before.unwrap_or_default();
        if planted::is_on(Fault::BaselineIgnored) {
            before.clear();
        }
        let installed = platform
            .software()
            .list_installations(account, short_domain)
            .await
            .map_err(read)?;
        let mut new = installed
            .into_iter()
            .filter(|name| !before.contains(&name.0));
        match (new.next(), new.next()) {
            (Some(name), None) => {
                let installed = InstalledOnPlatform {
                    unique_name: Some(name),
                };
                return Ok(Settled::Done(Some(output_of(installed))));
            }
            (Some(_), Some(_)) => {
                return Err(NotDone::Attention {
                    detail: "more than one new installation was found, so it is unknown which one \
                             this job made"
                        .to_owned(),
                });
            }
            (None, _) => {}
        }
        let tracked = platform
            .tracking()
            .find_actions_of(account, newest.id, newest.started_at)
            .await
            .map_err(read)?;
        if tracked.iter().any(|action| action.result.is_none()) {
            return Ok(Settled::Unknown);
        }
        if tracked.iter().any(|action| action.result == Some(0)) {
            return found_late(context, newest, findings);
        }
        let ended_in_error = !tracked.is_empty();
        let may_be_answered = may_still_be_answered(newest, findings, context.clock.now());
        Ok(if ended_in_error || !may_be_answered {
            Settled::NotApplied
        } else {
            Settled::Unknown
        })
    }

    async fn record(
        &self,
        context: &JobContext<'_>,
        transaction: &mut dyn HeldTransaction,
        output: Option<&EncodedData>,
    ) -> Result<(), StoreError> {
        let installed = output.and_then(|data| decode::<InstallOutput>(data).ok());
        let (software, node_group) = match &self.0 {
            Installable::Package(package) => (Software::Package, package.node_group.clone()),
            Installable::Mbadmin(package) => (Software::Mbadmin, package.node_group.clone()),
            Installable::Addon(addon) => (Software::Addon(*addon), None),
        };
        let installation = Installation {
            id: new_id(context.ids),
            team_id: context.environment().team_id,
            environment_id: context.environment().id,
            software,
            platform_unique_name: installed
                .and_then(|installed| installed.unique_name)
                .map(PlatformUniqueName),
            node_group,
            installed_at: context.clock.now(),
        };
        transaction
            .environments()
            .insert_installation(&installation)
            .await
    }
}

/// Another job may have installed it since this one was accepted. From here on the turn keeps others
/// away.
async fn refuse_installed(context: &JobContext<'_>, software: &Software) -> Result<(), NotDone> {
    let environment = &context.environment();
    let found = context
        .read_model
        .find_environment(environment.team_id, environment.id)
        .await
        .map_err(|error| NotDone::Later {
            reason: WaitReason::PlatformUnavailable,
            after: context.settings.poll_interval,
            detail: error.to_string(),
        })?;
    let is_installed = found.is_some_and(|found| {
        let mut installations = found.installations.iter();
        installations.any(|installation| installation.software == *software)
    });
    if is_installed {
        return Err(NotDone::Failed(failure_without_answer(
            ErrorCode::AddonAlreadyInstalled,
            format!("`{}` is already installed", software.as_str()),
        )));
    }
    Ok(())
}

/// The tracking says that it ended well, and nothing new is listed. Lists may be late; what stays
/// missing for as long as an absence takes to prove is a riddle.
fn found_late(
    context: &JobContext<'_>,
    attempt: &StepAttempt,
    findings: &mut Findings,
) -> Result<Settled, NotDone> {
    match count_miss(context, attempt, findings) {
        Settled::NotApplied => Err(NotDone::Attention {
            detail: "the platform says that the installation ended well, but it cannot be found"
                .to_owned(),
        }),
        not_yet => Ok(not_yet),
    }
}
