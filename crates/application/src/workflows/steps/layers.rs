//! Which layers the environment has.

use super::{DesiredState, find_environment};
use crate::workflows::context::JobContext;
use crate::workflows::settings::WorkflowSettings;
use crate::workflows::step::NotDone;
use async_trait::async_trait;
use domain::ports::{LayerSpec, MutationOutcome, MutationTicket, ObservedNode};
use serde::{Deserialize, Serialize};
use std::time::Duration;

#[cfg(test)]
mod tests;

/// All layers that the environment of the job shall have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layers(pub(crate) Vec<LayerSpec>);

/// A node as it was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SeenNode {
    node_group: String,
    stack: String,
    version: Option<String>,
    cloudlets: Option<(u16, u16)>,
}

impl SeenNode {
    fn of(node: &ObservedNode) -> Self {
        Self {
            node_group: node.node_group.to_string(),
            stack: node.stack.clone(),
            version: node.version.clone(),
            cloudlets: node.cloudlets.map(|size| (size.reserved, size.limit)),
        }
    }

    /// What the platform does not say is not held against it.
    fn fits(&self, layer: &LayerSpec) -> bool {
        let size = (layer.cloudlets_reserved, layer.cloudlets_limit);
        self.stack == layer.stack
            && (layer.version.is_none() || self.version.is_none() || self.version == layer.version)
            && self.cloudlets.is_none_or(|seen| seen == size)
    }
}

#[async_trait]
impl DesiredState for Layers {
    fn does(&self) -> &'static str {
        "gives the environment exactly these layers"
    }

    /// The nodes.
    type Seen = Vec<SeenNode>;

    fn answer_within(&self, settings: &WorkflowSettings) -> Duration {
        settings.answer_within_long
    }

    async fn look(&self, context: &JobContext<'_>) -> Result<Vec<SeenNode>, NotDone> {
        let found = find_environment(context).await?;
        Ok(found.nodes.iter().map(SeenNode::of).collect())
    }

    fn is_reached(&self, seen: &Vec<SeenNode>) -> bool {
        let wanted: usize = self.0.iter().map(|layer| usize::from(layer.count)).sum();
        seen.len() == wanted
            && self.0.iter().all(|layer| {
                let mut nodes = seen
                    .iter()
                    .filter(|node| node.node_group == layer.node_group.as_str());
                nodes.clone().count() == usize::from(layer.count)
                    && nodes.all(|node| node.fits(layer))
            })
    }

    async fn ask(
        &self,
        context: &JobContext<'_>,
        ticket: MutationTicket,
    ) -> Result<MutationOutcome<()>, NotDone> {
        let (account, short_domain) = (&context.reference, &context.environment().short_domain);
        Ok(context
            .platform
            .topology()
            .change_topology(account, ticket, short_domain, &self.0)
            .await)
    }
}
