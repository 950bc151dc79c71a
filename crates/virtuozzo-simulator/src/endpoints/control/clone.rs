//! cloneenv: a second environment like the first, answered at the top level.
//!
//! It must not change the source beyond its status while the work goes on.

use crate::answer::{Outcome, Refusal};
use crate::endpoints::{Call, creation, limits};
use crate::environment_view::{environment_info, tell_passwords};
use crate::ledger::Effect;
use crate::operation::{self, Operation};
use crate::state::{Environment, EnvironmentStatus, State};
use crate::topology;

use super::rules;

pub(super) async fn clone_environment(call: Call) -> Outcome {
    let source = call.parameters.required("srcEnvName")?.to_lowercase();
    let name = call.parameters.required("dstEnvName")?.to_lowercase();
    let operation = begin(&call, &source, &name)?;
    let settle = |state: &mut State| {
        if let Some(source) = state.environments.get_mut(&source) {
            source.status = EnvironmentStatus::Running;
        }
        let clone = state.environments.get_mut(&name)?;
        clone.status = EnvironmentStatus::Running;
        clone.is_busy = false;
        let appid = Some(clone.appid.as_str());
        let started_at_ms = operation.started_at_ms;
        call.enter(Effect::EnvironmentCloned, Some(&name), appid, started_at_ms);
        Some(clone.clone())
    };
    let clone = operation::finish(&call, &operation, 0, settle)
        .await
        .ok_or_else(|| Refusal::environment_unknown(&name))?;
    let mut answer = environment_info(&clone, false);
    tell_passwords(&mut answer, &clone.nodes);
    Ok(answer)
}

/// Both environments are taken in one step; the clone is there from the first moment.
fn begin(call: &Call, source: &str, name: &str) -> Result<Operation, Refusal> {
    let world = &call.platform.world;
    let mut state = call.platform.state();
    let environment = state
        .owned_environment(call.uid, source)
        .ok_or_else(|| Refusal::environment_unknown(source))?
        .clone();
    creation::check_name(call, &state, name, world.invented.clone_name_taken)?;
    limits::check_environment_count(call, &state)?;
    let request = rules::CLONE.request(source, world.timings.clone_ms);
    let operation = operation::begin_in(call, &mut state, &request)?;
    let clone = twin(call, &mut state, environment, name);
    call.hide(&mut state, &clone.appid);
    state.environments.insert(name.to_owned(), clone);
    Ok(operation)
}

fn twin(call: &Call, state: &mut State, source: Environment, name: &str) -> Environment {
    let domain = source.domain.replacen(&source.name, name, 1);
    let appid = state.generator.hex(32);
    let nodes = source.nodes.iter();
    let nodes = nodes
        .map(|node| topology::twin(node, state, &call.platform.world))
        .collect();
    Environment {
        name: name.to_owned(),
        display_name: None,
        domain,
        appid,
        status: EnvironmentStatus::Creating,
        created_at_ms: call.platform.clock.now_ms(),
        nodes,
        external_domains: Vec::new(),
        is_busy: true,
        ..source
    }
}
