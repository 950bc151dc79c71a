//! Container variables: reading them, merging some in, replacing all, removing some.
//!
//! It must not give them to commands: no source says which a shell sees.

use futures::FutureExt;
use serde_json::{Map, Value, json};

use super::{SERVICE, rules};
use crate::answer::{Outcome, Refusal, into_map};
use crate::endpoints::node_selection::NodeSelection;
use crate::endpoints::{Call, Endpoint};
use crate::ledger::Effect;
use crate::operation::{self, Rule};
use crate::state::Node;
use crate::topology::texts;

pub(in crate::endpoints) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::reading(
        SERVICE,
        "getcontainerenvvars",
        "environment.control.GetContainerEnvVars",
        |call| get(call, &NodeSelection::required_node(call)?),
    ),
    Endpoint::reading(
        SERVICE,
        "getcontainerenvvarsbygroup",
        "environment.control.GetContainerEnvVarsByGroup",
        |call| get(call, &NodeSelection::required_layer(call)?),
    ),
    Endpoint::mutating(
        SERVICE,
        "addcontainerenvvars",
        "environment.control.AddContainerEnvVars",
        |call| add(call).boxed(),
    ),
    Endpoint::mutating(
        SERVICE,
        "setcontainerenvvars",
        "environment.control.SetContainerEnvVars",
        |call| set_of_node(call).boxed(),
    ),
    Endpoint::mutating(
        SERVICE,
        "setcontainerenvvarsbygroup",
        "environment.control.SetContainerEnvVarsByGroup",
        |call| set_of_layer(call).boxed(),
    ),
    Endpoint::mutating(
        SERVICE,
        "removecontainerenvvars",
        "environment.control.RemoveContainerEnvVars",
        |call| remove(call).boxed(),
    ),
];

/// Of a layer, those of its first node.
fn get(call: &Call, selection: &NodeSelection) -> Outcome {
    let name = call.required_environment_name()?;
    let nodes = selection.find(call, &name)?;
    let variables = nodes.first().map(|node| &node.variables);
    Ok(into_map(json!({"object": variables})))
}

async fn add(call: Call) -> Outcome {
    let variables = texts(&call.parameters.required_json("vars")?);
    let variables = variables.ok_or_else(|| Refusal::invalid_parameter("vars"))?;
    let selection = NodeSelection::required(&call)?;
    change(
        &call,
        &selection,
        &rules::ADD_VARIABLES,
        Effect::VariablesAdded,
        |node| {
            node.variables.extend(variables.clone());
        },
    )
    .await
}

async fn set_of_node(call: Call) -> Outcome {
    let selection = NodeSelection::required_node(&call)?;
    set(&call, &selection, "vars").await
}

/// This method alone calls the variables `data`.
async fn set_of_layer(call: Call) -> Outcome {
    let selection = NodeSelection::required_layer(&call)?;
    set(&call, &selection, "data").await
}

/// Replaces everything: `PATH` goes too unless it is sent along.
async fn set(call: &Call, selection: &NodeSelection, parameter: &str) -> Outcome {
    let variables = texts(&call.parameters.required_json(parameter)?);
    let variables = variables.ok_or_else(|| Refusal::invalid_parameter(parameter))?;
    change(
        call,
        selection,
        &rules::SET_VARIABLES,
        Effect::VariablesSet,
        |node| {
            node.variables.clone_from(&variables);
        },
    )
    .await
}

async fn remove(call: Call) -> Outcome {
    let vars = call.parameters.required_json("vars")?;
    let names: Option<Vec<&str>> = vars
        .as_array()
        .and_then(|names| names.iter().map(Value::as_str).collect());
    let names = names.ok_or_else(|| Refusal::invalid_parameter("vars"))?;
    let selection = NodeSelection::required(&call)?;
    change(
        &call,
        &selection,
        &rules::REMOVE_VARIABLES,
        Effect::VariablesRemoved,
        |node| {
            node.variables
                .retain(|name, _| !names.contains(&name.as_str()));
        },
    )
    .await
}

async fn change(
    call: &Call,
    selection: &NodeSelection,
    rule: &Rule,
    effect: Effect,
    apply: impl Fn(&mut Node),
) -> Outcome {
    let name = call.required_environment_name()?;
    selection.find(call, &name)?;
    let request = rule.request(&name, call.platform.world.timings.settings_ms);
    operation::change(
        call,
        &request,
        effect,
        Some(&selection.name()),
        |environment| {
            selection.nodes_of(environment).for_each(&apply);
        },
    )
    .await?;
    Ok(Map::new())
}
