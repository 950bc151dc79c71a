//! startenv and stopenv: a status on the way, another one at the end.
//!
//! It must not know other transitions.

use serde_json::Map;

use crate::answer::Outcome;
use crate::endpoints::Call;
use crate::ledger::Effect;
use crate::operation::{self, OperationRequest};
use crate::state::{ActionKind, EnvironmentStatus, State};

struct Transition {
    kind: ActionKind,
    from: &'static [EnvironmentStatus],
    during: EnvironmentStatus,
    to: EnvironmentStatus,
    effect: Effect,
    duration_ms: u64,
}

pub(super) async fn start(call: Call) -> Outcome {
    let transition = Transition {
        kind: ActionKind::START,
        from: &[EnvironmentStatus::Down, EnvironmentStatus::Sleep],
        during: EnvironmentStatus::Launching,
        to: EnvironmentStatus::Running,
        effect: Effect::EnvironmentStarted,
        duration_ms: call.platform.world.timings.start_ms,
    };
    run(call, transition).await
}

pub(super) async fn stop(call: Call) -> Outcome {
    let transition = Transition {
        kind: ActionKind::STOP,
        from: &[EnvironmentStatus::Running],
        during: EnvironmentStatus::Stopping,
        to: EnvironmentStatus::Down,
        effect: Effect::EnvironmentStopped,
        duration_ms: call.platform.world.timings.stop_ms,
    };
    run(call, transition).await
}

async fn run(call: Call, transition: Transition) -> Outcome {
    let name = call.required_environment_name()?;
    let request = OperationRequest {
        environment: &name,
        kind: transition.kind,
        allowed: transition.from,
        during: Some(transition.during),
        duration_ms: transition.duration_ms,
    };
    let operation = operation::begin(&call, &request)?;
    let apply = |state: &mut State| {
        if let Some(environment) = state.environments.get_mut(&name) {
            environment.status = transition.to;
        }
        call.enter(
            transition.effect,
            Some(&name),
            None,
            operation.started_at_ms,
        );
    };
    operation::finish(&call, &operation, 0, apply).await;
    Ok(Map::new())
}
