//! changetopology: the complete desired state, answered in two envelopes as a creation is.
//!
//! It must not move an environment to another region or give it another name.

use serde_json::{Map, Value, json};

use super::rules;
use crate::answer::{Outcome, Refusal};
use crate::endpoints::{Call, limits};
use crate::environment_view::{environment_info, tell_passwords};
use crate::ledger::Effect;
use crate::operation::{self, Operation};
use crate::state::{Environment, Node, State};
use crate::topology::{EnvironmentPlan, elements_from_json, flag, text};

pub(super) async fn change_topology(call: Call) -> Outcome {
    let name = call.required_environment_name()?;
    let env = call.parameters.required_json("env")?;
    let nodes = call.parameters.required_json("nodes")?;
    let elements = elements_from_json(&nodes).ok_or_else(|| Refusal::invalid_parameter("nodes"))?;
    if !env.is_object() {
        return Err(Refusal::invalid_parameter("env"));
    }
    let before = call.owned_environment(&name)?;
    let plan = EnvironmentPlan::from_json(&env, elements);
    let (operation, changed) = begin(&call, &before, &plan, &env).map_err(Refusal::nested)?;
    let apply = |state: &mut State| {
        let detail = changed.appid.clone();
        state.environments.insert(name.clone(), changed.clone());
        let started_at_ms = operation.started_at_ms;
        call.enter(
            Effect::TopologyChanged,
            Some(&name),
            Some(&detail),
            started_at_ms,
        );
    };
    operation::finish(&call, &operation, 0, apply).await;
    Ok(answer(&changed, &before.nodes))
}

fn begin(
    call: &Call,
    before: &Environment,
    plan: &EnvironmentPlan,
    env: &Value,
) -> Result<(Operation, Environment), Refusal> {
    let world = &call.platform.world;
    let mut state = call.platform.state();
    let mut changed = plan.changed(before, &mut state, world);
    limits::check_nodes(call, &changed.nodes)?;
    changed.display_name = text(env, "displayName").or(changed.display_name);
    changed.has_ssl = flag(env, "sslstate").unwrap_or(changed.has_ssl);
    changed.has_high_availability =
        flag(env, "ishaenabled").unwrap_or(changed.has_high_availability);
    let request = rules::TOPOLOGY.request(&before.name, world.timings.topology_ms);
    let operation = operation::begin_in(call, &mut state, &request)?;
    Ok((operation, changed))
}

/// Tells the passwords of the nodes that were not there before.
fn answer(changed: &Environment, before: &[Node]) -> Map<String, Value> {
    let mut response = Map::from_iter([
        ("result".to_owned(), json!(0)),
        ("name".to_owned(), json!(changed.name)),
    ]);
    response.extend(environment_info(changed, false));
    let is_new = |node: &&Node| before.iter().all(|known| known.id != node.id);
    let new_nodes: Vec<Node> = changed.nodes.iter().filter(is_new).cloned().collect();
    tell_passwords(&mut response, &new_nodes);
    Map::from_iter([("response".to_owned(), Value::Object(response))])
}
