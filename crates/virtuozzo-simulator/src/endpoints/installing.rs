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

/// Installs after the configured time. What is installed already is installed once more.
pub(super) async fn install(
    call: &Call,
    installation: Installation,
    target: Target,
) -> Result<Installed, Refusal> {
    let unique_name = installation.unique_name.clone();
    let effect = match installation.kind {
        InstallationKind::Addon => Effect::AddonInstalled,
        InstallationKind::Package => Effect::PackageInstalled,
    };
    let install_ms = call.platform.world.timings.install_ms;
    let Target::Environment(name) = target else {
        let started_at_ms = call.platform.clock.now_ms();
        call.platform
            .clock
            .sleep_until(call.platform.end_of_work_ms(install_ms))
            .await;
        call.enter(effect, None, Some(&installation.app_id), started_at_ms);
        let mut state = call.platform.state();
        call.hide(&mut state, &unique_name);
        state.installations.push(installation);
        return Ok(Installed {
            unique_name,
            environment: None,
        });
    };
    let request = OperationRequest {
        environment: &name,
        kind: ActionKind::INSTALL,
        allowed: &[EnvironmentStatus::Running],
        during: None,
        duration_ms: install_ms,
    };
    let operation = operation::begin(call, &request)?;
    let apply = |state: &mut State| {
        call.enter(
            effect,
            Some(&name),
            Some(&installation.app_id),
            operation.started_at_ms,
        );
        call.hide(state, &unique_name);
        state.installations.push(installation);
        state.environments.get(&name).cloned()
    };
    let environment = operation::finish(call, &operation, 0, apply).await;
    Ok(Installed {
        unique_name,
        environment,
    })
}
