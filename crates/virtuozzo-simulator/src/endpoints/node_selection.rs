//! Which nodes of an environment a call means: one by `nodeId`, or a layer by `nodeGroup`.
//!
//! It must not know what is done to them.

use super::Call;
use crate::answer::Refusal;
use crate::state::{Environment, Node};

#[derive(Clone, Debug)]
pub(super) enum NodeSelection {
    Node(u64),
    Layer(String),
    /// Neither was named.
    All,
}

impl NodeSelection {
    /// Reads both parameters; `nodeId` wins.
    pub(super) fn read(call: &Call) -> Result<Self, Refusal> {
        if call.parameters.text("nodeId").is_some() {
            return Self::required_node(call);
        }
        let layer = call.parameters.text("nodeGroup");
        Ok(layer.map_or(Self::All, |layer| Self::Layer(layer.to_owned())))
    }

    pub(super) fn required_node(call: &Call) -> Result<Self, Refusal> {
        let id = call.parameters.required("nodeId")?.parse();
        id.map(Self::Node)
            .map_err(|_| Refusal::invalid_parameter("nodeId"))
    }

    pub(super) fn required_layer(call: &Call) -> Result<Self, Refusal> {
        let layer = call.parameters.required("nodeGroup")?;
        Ok(Self::Layer(layer.to_owned()))
    }

    /// One of both; naming neither is refused.
    pub(super) fn required(call: &Call) -> Result<Self, Refusal> {
        match Self::read(call)? {
            Self::All => Err(Refusal::invalid_parameter("nodeGroup")),
            named => Ok(named),
        }
    }

    /// The nodes meant, of an environment of the caller; refused when there are none.
    pub(super) fn find(&self, call: &Call, environment: &str) -> Result<Vec<Node>, Refusal> {
        let state = call.platform.state();
        let environment = state
            .owned_environment(call.uid, environment)
            .ok_or_else(|| Refusal::environment_unknown(environment))?;
        let nodes = environment.nodes.iter();
        let found: Vec<Node> = nodes.filter(|node| self.covers(node)).cloned().collect();
        if found.is_empty() && !matches!(self, Self::All) {
            let platform = &call.platform;
            let code = platform.invented(platform.world.invented.node_unknown);
            let text = format!("node [{}] not found", self.name());
            return Err(Refusal::new(code, text));
        }
        Ok(found)
    }

    pub(super) fn nodes_of<'a>(
        &'a self,
        environment: &'a mut Environment,
    ) -> impl Iterator<Item = &'a mut Node> {
        let nodes = environment.nodes.iter_mut();
        nodes.filter(|node| self.covers(node))
    }

    /// As the ledger names them.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Node(id) => id.to_string(),
            Self::Layer(layer) => layer.clone(),
            Self::All => "*".to_owned(),
        }
    }

    fn covers(&self, node: &Node) -> bool {
        match self {
            Self::Node(id) => node.id == *id,
            Self::Layer(layer) => node.node_group == *layer,
            Self::All => true,
        }
    }
}
