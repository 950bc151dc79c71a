//! setenvdisplayname: idempotent; empty resets.
//!
//! It must not touch the short domain.

use serde_json::Map;

use crate::answer::Outcome;
use crate::endpoints::Call;
use crate::ledger::Effect;
use crate::operation::{self, OperationRequest};
use crate::state::{ActionKind, EnvironmentStatus, State};

pub(super) async fn set_display_name(call: Call) -> Outcome {
    let name = call.required_environment_name()?;
    let display_name = call.parameters.text("displayName").map(str::to_owned);
    let request = OperationRequest {
        environment: &name,
        kind: ActionKind::SETTINGS,
        allowed: &EnvironmentStatus::AT_REST,
        during: None,
        duration_ms: call.platform.world.timings.display_name_ms,
    };
    let operation = operation::begin(&call, &request)?;
    let apply = |state: &mut State| {
        if let Some(environment) = state.environments.get_mut(&name) {
            environment.display_name.clone_from(&display_name);
        }
        let started_at_ms = operation.started_at_ms;
        call.enter(
            Effect::DisplayNameSet,
            Some(&name),
            display_name.as_deref(),
            started_at_ms,
        );
    };
    operation::finish(&call, &operation, 0, apply).await;
    Ok(Map::new())
}
