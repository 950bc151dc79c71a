//! Mount points: adding is refused when the path is mounted, removing when it is not.
//!
//! It must not choose nodes; the selection that it is given does.

use serde_json::{Map, Value, json};

use crate::answer::{Outcome, Refusal, into_map};
use crate::endpoints::Call;
use crate::endpoints::node_selection::NodeSelection;
use crate::ledger::Effect;
use crate::operation::{self, Rule};
use crate::state::EnvironmentStatus::{self, Running};
use crate::state::{ActionKind, Mount, Node};

const ALREADY_MOUNTED: i64 = 2030;
const CROSS_MOUNT: i64 = 2032;

const UP: &[EnvironmentStatus] = &[Running];
/// Which statuses each method accepts, and what it shows meanwhile.
const ADD: Rule = Rule::new(ActionKind::MOUNT, UP, None);
const REMOVE: Rule = Rule::new(ActionKind::UNMOUNT, UP, None);

type ReadSelection = fn(&Call) -> Result<NodeSelection, Refusal>;

pub(super) async fn add(call: Call, read: ReadSelection) -> Outcome {
    let name = call.required_environment_name()?;
    let selection = read(&call)?;
    let mount = mount(&call)?;
    let nodes = selection.find(&call, &name)?;
    let is_mounted = |node: &Node| node.mounts.iter().any(|known| known.path == mount.path);
    if nodes.iter().any(is_mounted) {
        let text = format!("path [{}] is already mounted", mount.path);
        return Err(Refusal::new(ALREADY_MOUNTED, text));
    }
    refuse_cross_mount(&call, &mount, &nodes)?;
    let request = ADD.request(&name, call.platform.world.timings.settings_ms);
    let detail = format!("{} {}", selection.name(), mount.path);
    operation::change(
        &call,
        &request,
        Effect::MountAdded,
        Some(&detail),
        |environment| {
            for node in selection.nodes_of(environment) {
                node.mounts.push(mount.clone());
            }
        },
    )
    .await?;
    Ok(Map::new())
}

pub(super) async fn remove(call: Call, read: ReadSelection) -> Outcome {
    let name = call.required_environment_name()?;
    let selection = read(&call)?;
    let path = call.parameters.required("path")?.to_owned();
    let nodes = selection.find(&call, &name)?;
    let mut mounts = nodes.iter().flat_map(|node| node.mounts.iter());
    if !mounts.any(|mount| mount.path == path) {
        let platform = &call.platform;
        let code = platform.invented(platform.world.invented.mount_unknown);
        return Err(Refusal::new(code, format!("path [{path}] is not mounted")));
    }
    let request = REMOVE.request(&name, call.platform.world.timings.settings_ms);
    let detail = format!("{} {path}", selection.name());
    operation::change(
        &call,
        &request,
        Effect::MountRemoved,
        Some(&detail),
        |environment| {
            for node in selection.nodes_of(environment) {
                node.mounts.retain(|mount| mount.path != path);
            }
        },
    )
    .await?;
    Ok(Map::new())
}

pub(super) fn get(call: &Call) -> Outcome {
    let name = call.required_environment_name()?;
    let nodes = NodeSelection::read(call)?.find(call, &name)?;
    let array: Vec<Value> = nodes
        .iter()
        .flat_map(|node| node.mounts.iter().map(|mount| member(node, mount)))
        .collect();
    Ok(into_map(json!({"array": array})))
}

fn mount(call: &Call) -> Result<Mount, Refusal> {
    let owned = |name: &str| call.parameters.text(name).map(str::to_owned);
    let source_node = match call.parameters.text("sourceNodeId") {
        Some(_) => Some(call.required_number("sourceNodeId")?),
        None => None,
    };
    let source_host = owned("sourceHost");
    if source_node.is_none() && source_host.is_none() {
        return Err(Refusal::invalid_parameter("sourceNodeId"));
    }
    let path = call.parameters.required("path")?.to_owned();
    let folder = path.trim_end_matches('/').rsplit('/').next();
    let implied_name = folder.unwrap_or_default().to_owned();
    Ok(Mount {
        path,
        source_path: call.parameters.required("sourcePath")?.to_owned(),
        source_node,
        source_host,
        source_address_type: owned("sourceAddressType").unwrap_or_else(|| "IP".to_owned()),
        protocol: owned("protocol").unwrap_or_else(|| "nfs4".to_owned()),
        name: owned("name").unwrap_or(implied_name),
        is_read_only: call.parameters.flag("readOnly"),
    })
}

/// The source must be a node of the caller that mounts nothing from where it would be mounted.
fn refuse_cross_mount(call: &Call, mount: &Mount, nodes: &[Node]) -> Result<(), Refusal> {
    let Some(source) = mount.source_node else {
        return Ok(());
    };
    let platform = &call.platform;
    let state = platform.state();
    let environments = state.environments.values();
    let mut owned = environments
        .filter(|environment| environment.uid == call.uid)
        .flat_map(|environment| environment.nodes.iter());
    let Some(source) = owned.find(|node| node.id == source) else {
        let code = platform.invented(platform.world.invented.node_unknown);
        return Err(Refusal::new(code, format!("node [{source}] not found")));
    };
    let mut sources = source.mounts.iter().filter_map(|mount| mount.source_node);
    if sources.any(|id| nodes.iter().any(|node| node.id == id)) {
        return Err(Refusal::new(CROSS_MOUNT, "cross mounts are not allowed"));
    }
    Ok(())
}

fn member(node: &Node, mount: &Mount) -> Value {
    let mut member = json!({
        "name": mount.name,
        "path": mount.path,
        "sourcePath": mount.source_path,
        "protocol": mount.protocol,
        "readOnly": mount.is_read_only,
        "type": if mount.source_node.is_some() { "INTERNAL" } else { "EXTERNAL" },
        "creator": "USER",
        "nodeId": node.id,
        "sourceAddressType": mount.source_address_type,
    });
    if let Some(source) = mount.source_node {
        member["sourceNodeId"] = json!(source);
    }
    if let Some(host) = &mount.source_host {
        member["sourceHost"] = json!(host);
    }
    member
}
