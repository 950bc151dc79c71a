//! Reads the finished environment and stores what people will see of it.

use super::find_environment;
use crate::workflows::context::JobContext;
use crate::workflows::payloads::encode_own;
use crate::workflows::step::{NotDone, Output, ReadStep};
use async_trait::async_trait;
use domain::environment::{EnvironmentEvent, Node, ObservedState, PlatformNodeId};
use domain::job::EncodedData;
use domain::names::NodeGroup;
use domain::ports::{HeldTransaction, ObservedNode, StoreError, new_id};
use serde::{Deserialize, Serialize};

/// Writes the projection of the environment of the job.
pub(crate) struct RecordProjection;

#[derive(Serialize, Deserialize)]
struct SeenNode {
    platform_node_id: i64,
    node_group: String,
    stack: String,
    is_master: bool,
    state: String,
}

#[derive(Serialize, Deserialize)]
struct Seen {
    state: String,
    domain: Option<String>,
    nodes: Vec<SeenNode>,
}

#[async_trait]
impl ReadStep for RecordProjection {
    fn does(&self) -> &'static str {
        "reads the environment and stores what people will see"
    }

    async fn read(&self, context: &JobContext<'_>) -> Result<Output, NotDone> {
        let found = find_environment(context).await?;
        let nodes = found.nodes.iter().map(seen_node).collect();
        let state = found.state.as_str().to_owned();
        Ok(Some(encode_own(&Seen {
            state,
            domain: found.domain,
            nodes,
        })))
    }

    async fn record(
        &self,
        context: &JobContext<'_>,
        transaction: &mut dyn HeldTransaction,
        output: Option<&EncodedData>,
    ) -> Result<(), StoreError> {
        let seen = output.and_then(|data| crate::workflows::payloads::decode::<Seen>(data).ok());
        let Some(seen) = seen else { return Ok(()) };
        let mut environment = context.environment().clone();
        environment.synced_at = Some(context.clock.now());
        if let Some(domain) = seen.domain {
            environment.site_url = Some(format!("https://{domain}/"));
        }
        // An environment that is still being provisioned takes its state from the job's end.
        if let Some(state) = ObservedState::parse(&seen.state)
            && let Ok(next) = environment.state.after(EnvironmentEvent::Observed(state))
        {
            environment.state = next;
        }
        transaction
            .environments()
            .update_environment(&environment)
            .await?;
        let nodes: Vec<Node> = seen
            .nodes
            .into_iter()
            .filter_map(|node| stored_node(context, node))
            .collect();
        transaction
            .environments()
            .replace_nodes(environment.team_id, environment.id, &nodes)
            .await
    }
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

fn stored_node(context: &JobContext<'_>, node: SeenNode) -> Option<Node> {
    Some(Node {
        id: new_id(context.ids),
        platform_node_id: PlatformNodeId(node.platform_node_id),
        node_group: NodeGroup::parse(&node.node_group).ok()?,
        stack: node.stack,
        is_master: node.is_master,
        state: ObservedState::parse(&node.state)?,
    })
}
