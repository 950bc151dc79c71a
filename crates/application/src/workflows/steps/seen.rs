//! What a look at an environment saw, small enough for the journal, and what it means for our records.

use domain::environment::{
    Environment, EnvironmentEvent, EnvironmentState, Node, ObservedState, PlatformNodeId,
};
use domain::names::NodeGroup;
use domain::ports::{IdSource, ObservedEnvironment, ObservedNode, new_id};
use serde::{Deserialize, Serialize};

/// A node, as it was seen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct SeenNode {
    platform_node_id: i64,
    node_group: String,
    stack: String,
    is_master: bool,
    state: String,
}

/// An environment, as it was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SeenEnvironment {
    state: String,
    domain: Option<String>,
    nodes: Vec<SeenNode>,
}

impl SeenEnvironment {
    pub(crate) fn of(found: &ObservedEnvironment) -> Self {
        Self {
            state: found.state.as_str().to_owned(),
            domain: found.domain.clone(),
            nodes: found.nodes.iter().map(seen_node).collect(),
        }
    }

    /// The state that the environment has then. One that is still being provisioned takes its state from the
    /// job's end.
    fn next_state(&self, present: EnvironmentState) -> EnvironmentState {
        ObservedState::parse(&self.state)
            .and_then(|state| present.after(EnvironmentEvent::Observed(state)).ok())
            .unwrap_or(present)
    }

    fn site_url(&self) -> Option<String> {
        self.domain
            .as_ref()
            .map(|domain| format!("https://{domain}/"))
    }

    /// Writes what was seen into the environment.
    pub(crate) fn apply_to(&self, environment: &mut Environment) {
        environment.state = self.next_state(environment.state);
        if let Some(url) = self.site_url() {
            environment.site_url = Some(url);
        }
    }

    /// The nodes, as they are stored.
    pub(crate) fn nodes(&self, ids: &dyn IdSource) -> Vec<Node> {
        let stored = |node: &SeenNode| {
            Some(Node {
                id: new_id(ids),
                platform_node_id: PlatformNodeId(node.platform_node_id),
                node_group: NodeGroup::parse(&node.node_group).ok()?,
                stack: node.stack.clone(),
                is_master: node.is_master,
                state: ObservedState::parse(&node.state)?,
            })
        };
        self.nodes.iter().filter_map(stored).collect()
    }

    /// What differs from our records, in words for people; nothing when all is as it is stored.
    pub(crate) fn differences(&self, environment: &Environment, nodes: &[Node]) -> Vec<String> {
        let mut differences = Vec::new();
        let next = self.next_state(environment.state);
        if next != environment.state {
            let (was, is) = (environment.state.as_str(), next.as_str());
            differences.push(format!("was {was}, is {is}"));
        }
        if let Some(url) = self.site_url()
            && environment.site_url.as_ref() != Some(&url)
        {
            differences.push("has another address".to_owned());
        }
        if sorted(self.nodes.clone()) != sorted(nodes.iter().map(known_node).collect()) {
            differences.push("has other nodes".to_owned());
        }
        differences
    }
}

fn sorted(mut nodes: Vec<SeenNode>) -> Vec<SeenNode> {
    nodes.sort();
    nodes
}

fn seen_node(node: &ObservedNode) -> SeenNode {
    SeenNode {
        platform_node_id: node.platform_node_id.0,
        node_group: node.node_group.to_string(),
        stack: node.stack.clone(),
        is_master: node.is_master,
        state: node.state.as_str().to_owned(),
    }
}

fn known_node(node: &Node) -> SeenNode {
    SeenNode {
        platform_node_id: node.platform_node_id.0,
        node_group: node.node_group.to_string(),
        stack: node.stack.clone(),
        is_master: node.is_master,
        state: node.state.as_str().to_owned(),
    }
}
