//! How large a node is.

use super::{DesiredState, find_environment};
use crate::workflows::context::JobContext;
use crate::workflows::refusal::failure_without_answer;
use crate::workflows::step::NotDone;
use async_trait::async_trait;
use domain::environment::PlatformNodeId;
use domain::error_code::ErrorCode;
use domain::ports::{Cloudlets, MutationOutcome, MutationTicket};

#[cfg(test)]
mod tests;

/// The cloudlets that a node of the environment shall have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NodeSize {
    pub(crate) node: PlatformNodeId,
    pub(crate) cloudlets: Cloudlets,
}

#[async_trait]
impl DesiredState for NodeSize {
    fn does(&self) -> &'static str {
        "sets the size of a node; fails with `node-not-found`"
    }

    /// Reserved cloudlets and the most, when the platform says.
    type Seen = Option<(u16, u16)>;

    async fn look(&self, context: &JobContext<'_>) -> Result<Option<(u16, u16)>, NotDone> {
        let found = find_environment(context).await?;
        let node = found
            .nodes
            .iter()
            .find(|node| node.platform_node_id == self.node);
        let node = node.ok_or_else(|| {
            NotDone::Failed(failure_without_answer(
                ErrorCode::NodeNotFound,
                "the node is gone; its layer may have been made anew",
            ))
        })?;
        Ok(node.cloudlets.map(|size| (size.reserved, size.limit)))
    }

    fn is_reached(&self, seen: &Option<(u16, u16)>) -> bool {
        *seen == Some((self.cloudlets.reserved, self.cloudlets.limit))
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
            .set_cloudlets(account, ticket, short_domain, self.node, self.cloudlets)
            .await)
    }

    fn inverse(&self, before: Option<(u16, u16)>) -> Option<Self> {
        let (reserved, limit) = before?;
        Some(Self {
            node: self.node,
            cloudlets: Cloudlets { reserved, limit },
        })
    }
}
