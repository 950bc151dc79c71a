//! From the `env` and `nodes` parameters to an environment with layers and nodes.
//!
//! It must not know which call brought the parameters, and decides nothing about names taken.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::state::{Environment, EnvironmentStatus, Node, NodeGroup, NodeLog, State};
use crate::world::World;

mod change;
mod layer;

/// One element of the `nodes` array.
#[derive(Clone, Debug)]
pub(crate) struct TopologyElement {
    node_type: String,
    node_group: String,
    count: u64,
    fixed_cloudlets: u64,
    flexible_cloudlets: u64,
    external_addresses: u64,
    disk_limit_gb: u64,
    restart_delay_s: u64,
    scaling_mode: Option<String>,
    display_name: Option<String>,
    tag: Option<String>,
    docker_image: Option<String>,
    variables: BTreeMap<String, String>,
}

/// What every container has until its variables are replaced.
const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

impl TopologyElement {
    /// One node of this type with default sizes, in the layer that its type implies.
    pub(crate) fn of_type(node_type: &str) -> Self {
        Self {
            node_type: node_type.to_owned(),
            node_group: layer::implied_by(node_type).to_owned(),
            count: 1,
            fixed_cloudlets: 1,
            flexible_cloudlets: 8,
            external_addresses: 0,
            disk_limit_gb: 50,
            restart_delay_s: 30,
            scaling_mode: None,
            display_name: None,
            tag: None,
            docker_image: None,
            variables: BTreeMap::new(),
        }
    }

    /// Reads an element; `None` when it names neither a type nor an image.
    fn from_json(element: &Value) -> Option<Self> {
        let docker = element.get("docker").unwrap_or(element);
        let docker_image = text(docker, "image");
        let node_type = text(element, "nodeType")
            .or_else(|| docker_image.as_ref().map(|_| "docker".to_owned()))?;
        let defaults = Self::of_type(&node_type);
        let fixed_cloudlets = number(element, "fixedCloudlets").unwrap_or(defaults.fixed_cloudlets);
        Some(Self {
            node_group: text(element, "nodeGroup")
                .or_else(|| text(docker, "nodeGroup"))
                .unwrap_or(defaults.node_group),
            node_type,
            count: number(element, "count").unwrap_or(defaults.count),
            fixed_cloudlets,
            flexible_cloudlets: number(element, "flexibleCloudlets")
                .unwrap_or(defaults.flexible_cloudlets)
                .max(fixed_cloudlets),
            external_addresses: number(element, "extip")
                .or_else(|| flag(element, "extip").map(u64::from))
                .unwrap_or(0),
            disk_limit_gb: number(element, "diskLimit").unwrap_or(defaults.disk_limit_gb),
            restart_delay_s: number(element, "restartDelay").unwrap_or(defaults.restart_delay_s),
            scaling_mode: text(element, "scalingMode"),
            display_name: text(element, "displayName"),
            tag: text(element, "tag"),
            docker_image,
            variables: docker.get("env").and_then(texts).unwrap_or_default(),
        })
    }

    fn node_group(&self) -> NodeGroup {
        let is_stateful = matches!(self.node_group.as_str(), "bl" | "cp" | "vds");
        let default_mode = if is_stateful { "STATEFUL" } else { "STATELESS" };
        NodeGroup {
            name: self.node_group.clone(),
            display_name: self.display_name.clone(),
            scaling_mode: self
                .scaling_mode
                .clone()
                .unwrap_or_else(|| default_mode.to_owned()),
            restart_delay_s: self.restart_delay_s,
        }
    }

    fn node(&self, state: &mut State, world: &World, is_master: bool) -> Node {
        let (id, container_id) = state.next_node_ids();
        let mut variables = BTreeMap::from([("PATH".to_owned(), DEFAULT_PATH.to_owned())]);
        variables.extend(self.variables.clone());
        Node {
            id,
            container_id,
            node_group: self.node_group.clone(),
            node_type: self.node_type.clone(),
            is_master,
            internal_address: internal_address(id),
            external_addresses: external_addresses(id, self.external_addresses),
            fixed_cloudlets: self.fixed_cloudlets,
            flexible_cloudlets: self.flexible_cloudlets,
            disk_limit_mb: self.disk_limit_gb * 1_000,
            tag: self.tag.clone(),
            docker_image: self.docker_image.clone(),
            password: state.generator.password(PASSWORD_LENGTH),
            is_stopped: false,
            variables,
            mounts: Vec::new(),
            log: NodeLog::of_new_node(world, &self.node_group),
        }
    }
}

/// Of the passwords of new nodes.
pub(crate) const PASSWORD_LENGTH: usize = 14;

/// The same node once more: what was given to it stays, what identifies it is new.
pub(crate) fn twin(node: &Node, state: &mut State, world: &World) -> Node {
    let (id, container_id) = state.next_node_ids();
    Node {
        id,
        container_id,
        internal_address: internal_address(id),
        external_addresses: external_addresses(id, node.external_addresses.len() as u64),
        password: state.generator.password(PASSWORD_LENGTH),
        log: NodeLog::of_new_node(world, &node.node_group),
        ..node.clone()
    }
}

fn internal_address(node_id: u64) -> String {
    format!("10.102.{}.{}", node_id / 250 % 250 + 1, node_id % 250 + 1)
}

fn external_addresses(node_id: u64, count: u64) -> Vec<String> {
    (0..count)
        .map(|position| format!("203.0.113.{}", (node_id + position) % 250 + 1))
        .collect()
}

/// Reads the `nodes` array; `None` when it is not an array of elements.
pub(crate) fn elements_from_json(nodes: &Value) -> Option<Vec<TopologyElement>> {
    nodes
        .as_array()?
        .iter()
        .map(TopologyElement::from_json)
        .collect()
}

/// What is to be built.
#[derive(Clone, Debug, Default)]
pub(crate) struct EnvironmentPlan {
    pub(crate) name: String,
    pub(crate) display_name: Option<String>,
    /// Unique name of a hard node group; absent means the first.
    pub(crate) region: Option<String>,
    pub(crate) groups: Vec<String>,
    pub(crate) has_ssl: bool,
    pub(crate) has_high_availability: bool,
    pub(crate) elements: Vec<TopologyElement>,
}

impl EnvironmentPlan {
    /// Reads the `env` object; `name` stays empty when it has no `shortdomain`.
    pub(crate) fn from_json(env: &Value, elements: Vec<TopologyElement>) -> Self {
        Self {
            name: text(env, "shortdomain").unwrap_or_default().to_lowercase(),
            display_name: text(env, "displayName"),
            region: text(env, "region"),
            groups: Vec::new(),
            has_ssl: flag(env, "sslstate").unwrap_or(false),
            has_high_availability: flag(env, "ishaenabled").unwrap_or(false),
            elements,
        }
    }

    /// The first node type that the world does not have.
    pub(crate) fn unknown_node_type(&self, world: &World) -> Option<&str> {
        let mut types = self
            .elements
            .iter()
            .map(|element| element.node_type.as_str());
        types.find(|node_type| !world.has_node_type(node_type))
    }

    /// Makes the environment with its identifiers. It is being created; nobody sees it yet.
    pub(crate) fn build(
        self,
        state: &mut State,
        world: &World,
        uid: u64,
        now_ms: u64,
    ) -> Environment {
        let (region, hard_node_group) = world
            .hard_node_group(self.region.as_deref())
            .or_else(|| world.hard_node_group(None))
            .expect("a world without an enabled hard node group is refused when it is read");
        let appid = state.generator.hex(32);
        let mut node_groups: Vec<NodeGroup> = Vec::new();
        let mut nodes = Vec::new();
        for element in &self.elements {
            let is_new_layer = node_groups
                .iter()
                .all(|group| group.name != element.node_group);
            if is_new_layer {
                node_groups.push(element.node_group());
            }
            for position in 0..element.count {
                let is_master = is_new_layer && position == 0;
                nodes.push(element.node(state, world, is_master));
            }
        }
        Environment {
            domain: format!("{}.{}", self.name, region.domain),
            name: self.name,
            display_name: self.display_name,
            appid,
            uid,
            status: EnvironmentStatus::Creating,
            created_at_ms: now_ms,
            hard_node_group: hard_node_group.unique_name.clone(),
            hard_node_group_display_name: hard_node_group.display_name.clone(),
            has_ssl: self.has_ssl,
            has_high_availability: self.has_high_availability,
            groups: self.groups,
            node_groups,
            nodes,
            external_domains: Vec::new(),
            is_busy: false,
        }
    }
}

/// A non-empty text member; `null` and empty mean absent.
pub(crate) fn text(object: &Value, name: &str) -> Option<String> {
    object
        .get(name)?
        .as_str()
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

/// The members of an object as texts; `None` when a member is neither text, number nor flag.
pub(crate) fn texts(object: &Value) -> Option<BTreeMap<String, String>> {
    let members = object.as_object()?.iter();
    members
        .map(|(name, value)| match value {
            Value::String(text) => Some((name.clone(), text.clone())),
            Value::Number(_) | Value::Bool(_) => Some((name.clone(), value.to_string())),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        })
        .collect()
}

/// A number, as a number or as text; units such as `10G` are cut off.
fn number(object: &Value, name: &str) -> Option<u64> {
    let member = object.get(name)?;
    member.as_u64().or_else(|| {
        let digits: String = member
            .as_str()?
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        digits.parse().ok()
    })
}

/// A boolean, as a boolean or as text in any case.
pub(crate) fn flag(object: &Value, name: &str) -> Option<bool> {
    let member = object.get(name)?;
    member
        .as_bool()
        .or_else(|| Some(member.as_str()?.eq_ignore_ascii_case("true")))
}

#[cfg(test)]
mod tests;
