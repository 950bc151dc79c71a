//! Which groups the environment is in.

use super::{DesiredState, find_environment};
use crate::workflows::context::JobContext;
use crate::workflows::step::NotDone;
use async_trait::async_trait;
use domain::names::GroupName;
use domain::ports::{MutationOutcome, MutationTicket};

#[cfg(test)]
mod tests;

/// A wish about the groups of the environment of the job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Grouping {
    /// It is in this one, whatever else.
    In(GroupName),
    /// It is not in this one.
    NotIn(GroupName),
    /// It is in this one and in no other.
    OnlyIn(GroupName),
}

#[async_trait]
impl DesiredState for Grouping {
    fn does(&self) -> &'static str {
        match self {
            Self::In(_) => "puts the environment into a group",
            Self::NotIn(_) => "takes it out of a group",
            Self::OnlyIn(_) => "leaves it in one group only",
        }
    }

    /// The groups.
    type Seen = Vec<String>;

    async fn look(&self, context: &JobContext<'_>) -> Result<Vec<String>, NotDone> {
        Ok(find_environment(context).await?.groups)
    }

    fn is_reached(&self, seen: &Vec<String>) -> bool {
        let is_in = |group: &GroupName| seen.iter().any(|name| name == group.as_str());
        match self {
            Self::In(group) => is_in(group),
            Self::NotIn(group) => !is_in(group),
            Self::OnlyIn(group) => seen.len() == 1 && is_in(group),
        }
    }

    async fn ask(
        &self,
        context: &JobContext<'_>,
        ticket: MutationTicket,
    ) -> Result<MutationOutcome<()>, NotDone> {
        let groups = context.platform.groups();
        let (account, short_domain) = (&context.reference, &context.environment().short_domain);
        Ok(match self {
            Self::In(group) => {
                groups
                    .attach_group(account, ticket, short_domain, group)
                    .await
            }
            Self::NotIn(group) => {
                groups
                    .detach_group(account, ticket, short_domain, group)
                    .await
            }
            Self::OnlyIn(group) => {
                groups
                    .set_only_group(account, ticket, short_domain, group)
                    .await
            }
        })
    }

    fn inverse(&self, _before: Vec<String>) -> Option<Self> {
        match self {
            Self::In(group) => Some(Self::NotIn(group.clone())),
            Self::NotIn(group) => Some(Self::In(group.clone())),
            Self::OnlyIn(_) => None,
        }
    }
}
