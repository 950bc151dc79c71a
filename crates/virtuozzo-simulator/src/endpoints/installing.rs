//! Installing a package or an add-on, for `jps/install` and `installaddon` alike.
//!
//! It must not know manifests or envelopes, and does not care what is installed already.

use super::Call;
use crate::answer::Refusal;
use crate::ledger::Effect;
use crate::operation::{self, OperationRequest};
use crate::state::{
    ActionKind, Environment, EnvironmentStatus, Installation, InstallationKind, State,
};

/// What an installation is done to.
pub(super) enum Target {
    Environment(String),
    /// The account as a whole: no environment is touched or made busy.
    Account,
}

pub(super) struct Installed {
    pub(super) unique_name: String,
    pub(super) environment: Option<Environment>,
}

/// What the time of an installation is spent on.
#[derive(Clone, Debug)]
pub(super) struct Work {
    /// The code with which its action ends.
    pub(super) result: i64,
    /// Whether anything is installed in the end.
    pub(super) is_installed: bool,
    /// Commands that a manifest would run.
    pub(super) commands: Vec<String>,
}

impl Work {
    /// Nothing but installing.
    pub(super) fn plain() -> Self {
        Self {
            result: 0,
            is_installed: true,
            commands: Vec::new(),
        }
    }
}

/// Installs after the configured time. What is installed already is installed once more.
pub(super) async fn install(
    call: &Call,
    installation: Installation,
    target: Target,
    work: Work,
) -> Result<Option<Installed>, Refusal> {
    let install_ms = call.platform.world.timings.install_ms;
    let Target::Environment(name) = target else {
        let started_at_ms = call.platform.clock.now_ms();
        call.platform
            .clock
            .sleep_until(call.platform.end_of_work_ms(install_ms))
            .await;
        let mut state = call.platform.state();
        return Ok(apply(call, &mut state, installation, &work, started_at_ms));
    };
    let request = OperationRequest {
        environment: &name,
        kind: ActionKind::INSTALL,
        allowed: &[EnvironmentStatus::Running],
        during: None,
        duration_ms: install_ms,
    };
    let operation = operation::begin(call, &request)?;
    let started_at_ms = operation.started_at_ms;
    let installed = operation::finish(call, &operation, work.result, |state| {
        apply(call, state, installation, &work, started_at_ms)
    });
    Ok(installed.await)
}

fn apply(
    call: &Call,
    state: &mut State,
    installation: Installation,
    work: &Work,
    started_at_ms: u64,
) -> Option<Installed> {
    let name = installation.environment.as_deref();
    for command in &work.commands {
        call.enter(Effect::CommandNoted, name, Some(command), started_at_ms);
    }
    if !work.is_installed {
        return None;
    }
    let effect = match installation.kind {
        InstallationKind::Addon => Effect::AddonInstalled,
        InstallationKind::Package => Effect::PackageInstalled,
    };
    call.enter(effect, name, Some(&installation.app_id), started_at_ms);
    call.hide(state, &installation.unique_name);
    let installed = Installed {
        unique_name: installation.unique_name.clone(),
        environment: name.and_then(|name| state.environments.get(name).cloned()),
    };
    state.installations.push(installation);
    Some(installed)
}
