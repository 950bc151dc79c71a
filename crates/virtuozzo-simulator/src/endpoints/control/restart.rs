//! restartservices, restartnodes, restartnodebyid and redeploycontainers.
//!
//! It must not stop anything for good: the environment runs before and after.

use futures::FutureExt;
use serde_json::{Map, Value, json};

use super::{SERVICE, rules};
use crate::answer::{Outcome, Refusal, into_map};
use crate::endpoints::node_selection::NodeSelection;
use crate::endpoints::{Call, Endpoint};
use crate::ledger::Effect;
use crate::operation;
use crate::state::{EnvironmentStatus, Node};

pub(in crate::endpoints) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::mutating(
        SERVICE,
        "restartservices",
        "environment.control.RestartServices",
        |call| restart_services(call).boxed(),
    ),
    Endpoint::mutating(
        SERVICE,
        "restartnodes",
        "environment.control.RestartNodes",
        |call| restart_nodes(call).boxed(),
    ),
    Endpoint::mutating(
        SERVICE,
        "restartnodebyid",
        "environment.control.RestartNodeById",
        |call| restart_node_by_id(call).boxed(),
    ),
    Endpoint::mutating(
        SERVICE,
        "redeploycontainers",
        "environment.control.RedeployContainers",
        |call| redeploy_containers(call).boxed(),
    ),
];

async fn restart_services(call: Call) -> Outcome {
    let selection = NodeSelection::read(&call)?;
    let nodes = restart(&call, &selection, Effect::ServicesRestarted).await?;
    let responses: Vec<Value> = nodes.iter().map(response).collect();
    Ok(into_map(json!({"responses": responses})))
}

async fn restart_nodes(call: Call) -> Outcome {
    let selection = NodeSelection::read(&call)?;
    restart(&call, &selection, Effect::NodesRestarted).await?;
    Ok(Map::new())
}

async fn restart_node_by_id(call: Call) -> Outcome {
    let selection = NodeSelection::required_node(&call)?;
    let nodes = restart(&call, &selection, Effect::NodesRestarted).await?;
    let answer = nodes.first().map(response).unwrap_or_default();
    Ok(into_map(answer))
}

/// Restarting a node that is down starts it.
async fn restart(
    call: &Call,
    selection: &NodeSelection,
    effect: Effect,
) -> Result<Vec<Node>, Refusal> {
    let name = call.required_environment_name()?;
    let nodes = selection.find(call, &name)?;
    let request = rules::RESTART.request(&name, call.platform.world.timings.restart_ms);
    let detail = selection.name();
    operation::change(call, &request, effect, Some(&detail), |environment| {
        for node in selection.nodes_of(environment) {
            if effect == Effect::NodesRestarted {
                node.is_stopped = false;
                node.log.note_run("restarted");
            } else {
                node.log.note_run("services restarted");
            }
        }
    })
    .await?;
    Ok(nodes)
}

async fn redeploy_containers(call: Call) -> Outcome {
    let name = call.required_environment_name()?;
    let tag = call.parameters.required("tag")?.to_owned();
    let selection = NodeSelection::required(&call)?;
    selection.find(&call, &name)?;
    let request = rules::REDEPLOY.request(&name, call.platform.world.timings.redeploy_ms);
    let detail = format!("{} {tag}", selection.name());
    let effect = Effect::ContainersRedeployed;
    operation::change(&call, &request, effect, Some(&detail), |environment| {
        environment.status = EnvironmentStatus::Running;
        for node in selection.nodes_of(environment) {
            node.log.note_run("redeployed");
            if let Some(image) = &mut node.docker_image {
                let tagged = image.rsplit_once(':').filter(|(_, tag)| !tag.contains('/'));
                let name = tagged.map_or(image.as_str(), |(name, _)| name);
                *image = format!("{name}:{tag}");
            }
            node.tag = Some(tag.clone());
        }
    })
    .await?;
    Ok(Map::new())
}

fn response(node: &Node) -> Value {
    json!({"result": 0, "nodeid": node.id, "exitStatus": 0, "out": "", "errOut": ""})
}
