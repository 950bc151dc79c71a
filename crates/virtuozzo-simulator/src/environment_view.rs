//! An environment as `getenvinfo`, `getenvs` and `createenvironment` write it.
//!
//! It must not read the state: it is given one environment. Members without a value are left
//! out, as the platform does; node passwords never appear here.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::answer::into_map;
use crate::state::{Environment, EnvironmentStatus, Node, NodeGroup};

/// The members of an EnvironmentInfo. `is_lazy` leaves out layers and nodes.
pub(crate) fn environment_info(environment: &Environment, is_lazy: bool) -> Map<String, Value> {
    let mut info = json!({
        "right": "OWNER",
        "env": env_member(environment),
        "envGroups": environment.groups,
        "nodesData": [],
        "nodesInternalDomains": [],
    });
    if !is_lazy {
        let groups: Vec<Value> = environment
            .node_groups
            .iter()
            .map(node_group_member)
            .collect();
        let nodes: Vec<Value> = environment
            .nodes
            .iter()
            .map(|node| node_member(environment, node))
            .collect();
        info["nodeGroups"] = json!(groups);
        info["nodes"] = json!(nodes);
    }
    into_map(info)
}

/// The answers that make nodes are the only places that ever show the passwords of new nodes.
pub(crate) fn tell_passwords(info: &mut Map<String, Value>, nodes: &[Node]) {
    let members = info.get_mut("nodes").and_then(Value::as_array_mut);
    for member in members.into_iter().flatten() {
        if let Some(node) = nodes.iter().find(|node| member["id"] == node.id) {
            member["password"] = json!(node.password);
        }
    }
}

/// `yyyy-MM-dd HH:mm:ss` in UTC, as the platform writes dates.
pub(crate) fn platform_date(at_ms: u64) -> String {
    let milliseconds = i64::try_from(at_ms).unwrap_or(i64::MAX);
    let timestamp = Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::MAX);
    timestamp.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn env_member(environment: &Environment) -> Value {
    let mut env = json!({
        "envName": environment.name,
        "shortdomain": environment.name,
        "domain": environment.domain,
        "appid": environment.appid,
        "uid": environment.uid,
        "creatorUid": environment.uid,
        "ownerUid": environment.uid,
        "status": environment.status.number(),
        "createdOn": platform_date(environment.created_at_ms),
        "hardwareNodeGroup": environment.hard_node_group,
        "hostGroup": {
            "uniqueName": environment.hard_node_group,
            "displayName": environment.hard_node_group_display_name,
        },
        "sslstate": environment.has_ssl,
        "ishaenabled": environment.has_high_availability,
        "isFirewallEnabled": true,
        "isTransferring": false,
        "extdomains": external_domain_names(environment),
        "contexts": [],
    });
    if let Some(display_name) = &environment.display_name {
        env["displayName"] = json!(display_name);
    }
    env
}

fn external_domain_names(environment: &Environment) -> Vec<&str> {
    let domains = environment.external_domains.iter();
    domains.map(|domain| domain.name.as_str()).collect()
}

pub(crate) fn node_group_member(group: &NodeGroup) -> Value {
    let mut member = json!({
        "name": group.name,
        "scalingMode": group.scaling_mode,
        "templateType": "DOCKERIZED",
        "vType": "CT",
        "features": ["FIREWALL"],
        "isSLBAccessEnabled": true,
        "isSequentialDeploy": false,
        "redeployContainerDelay": 30,
        "redeployContextDelay": 30,
        "restartContainerDelay": 0,
        "restartNodeDelay": group.restart_delay_s,
        "deployments": [],
    });
    if let Some(display_name) = &group.display_name {
        member["displayName"] = json!(display_name);
    }
    member
}

fn node_member(environment: &Environment, node: &Node) -> Value {
    let mut member = json!({
        "id": node.id,
        "ctid": node.container_id,
        "nodeGroup": node.node_group,
        "nodemission": node.node_group,
        "nodeType": node.node_type,
        "name": node.node_type,
        "type": if node.docker_image.is_some() { "DOCKER" } else { "DOCKERIZED" },
        "status": node_status(environment, node).number(),
        "ismaster": node.is_master,
        "intIP": node.internal_address,
        "address": node.internal_address,
        "url": format!("http://node{}-{}", node.id, environment.domain),
        "user": "root",
        "port": 22,
        "fixedCloudlets": node.fixed_cloudlets,
        "flexibleCloudlets": node.flexible_cloudlets,
        "maxchanks": node.flexible_cloudlets,
        "diskLimit": node.disk_limit_mb,
        "diskIoLimit": 10_000_000,
        "diskIopsLimit": 1_000,
        "bandwidthLimit": 100_000,
        "osType": "LINUX",
        "guestOSType": "LINUX",
        "hostOSType": "LINUX",
        "vType": "CT",
        "features": ["FIREWALL"],
        "packages": [],
        "hasPackages": false,
        "addons": [],
        "messages": [],
        "canBeExported": true,
    });
    add_more_node_members(&mut member, node);
    member
}

fn node_status(environment: &Environment, node: &Node) -> EnvironmentStatus {
    if node.is_stopped {
        EnvironmentStatus::Down
    } else {
        environment.status
    }
}

fn add_more_node_members(member: &mut Value, node: &Node) {
    for (name, value) in [
        ("isClusterSupport", false),
        ("isCustomSslSupport", false),
        ("isExternalIpRequired", false),
        ("isHighAvailability", false),
        ("isResetPassword", false),
        ("isVcsSupport", true),
        ("isWebAccess", true),
        ("singleContext", false),
    ] {
        member[name] = json!(value);
    }
    if !node.external_addresses.is_empty() {
        member["extIPs"] = json!(node.external_addresses);
    }
    if let Some(tag) = &node.tag {
        member["version"] = json!(tag);
    }
    if let Some(image) = &node.docker_image {
        let (name, tag) = image.rsplit_once(':').unwrap_or((image, "latest"));
        member["customitem"] = json!({
            "dockerName": name, "dockerTag": tag, "dockerVolumes": [], "dockerVolumesFrom": [],
        });
    }
}
