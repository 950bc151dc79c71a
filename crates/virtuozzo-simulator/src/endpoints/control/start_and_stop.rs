//! startenv, stopenv and sleepenv: a status on the way, another one at the end.
//!
//! It must not know other transitions.

use serde_json::Map;

use super::rules;
use crate::answer::Outcome;
use crate::endpoints::Call;
use crate::ledger::Effect;
use crate::operation::{self, Rule};
use crate::state::EnvironmentStatus;

struct Transition {
    rule: Rule,
    to: EnvironmentStatus,
    effect: Effect,
    duration_ms: u64,
}

pub(super) async fn start(call: Call) -> Outcome {
    let transition = Transition {
        rule: rules::START,
        to: EnvironmentStatus::Running,
        effect: Effect::EnvironmentStarted,
        duration_ms: call.platform.world.timings.start_ms,
    };
    run(call, transition).await
}

pub(super) async fn stop(call: Call) -> Outcome {
    let transition = Transition {
        rule: rules::STOP,
        to: EnvironmentStatus::Down,
        effect: Effect::EnvironmentStopped,
        duration_ms: call.platform.world.timings.stop_ms,
    };
    run(call, transition).await
}

/// Traffic does not wake it here; `startenv` does.
pub(super) async fn sleep(call: Call) -> Outcome {
    let transition = Transition {
        rule: rules::SLEEP,
        to: EnvironmentStatus::Sleep,
        effect: Effect::EnvironmentSlept,
        duration_ms: call.platform.world.timings.sleep_ms,
    };
    run(call, transition).await
}

async fn run(call: Call, transition: Transition) -> Outcome {
    let name = call.required_environment_name()?;
    let request = transition.rule.request(&name, transition.duration_ms);
    operation::change(&call, &request, transition.effect, None, |environment| {
        environment.status = transition.to;
    })
    .await?;
    Ok(Map::new())
}
