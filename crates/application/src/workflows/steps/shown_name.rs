//! What people see as the name of the environment.

use super::{DesiredState, find_environment};
use crate::workflows::context::JobContext;
use crate::workflows::step::NotDone;
use async_trait::async_trait;
use domain::names::DisplayName;
use domain::ports::{MutationOutcome, MutationTicket};

#[cfg(test)]
mod tests;

/// The display name that the environment shall have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ShownName(pub(crate) DisplayName);

#[async_trait]
impl DesiredState for ShownName {
    fn does(&self) -> &'static str {
        "sets what people see as its name"
    }

    /// The name, when it has one.
    type Seen = Option<String>;

    async fn look(&self, context: &JobContext<'_>) -> Result<Option<String>, NotDone> {
        Ok(find_environment(context).await?.display_name)
    }

    fn is_reached(&self, seen: &Option<String>) -> bool {
        seen.as_deref() == Some(self.0.as_str())
    }

    async fn ask(
        &self,
        context: &JobContext<'_>,
        ticket: MutationTicket,
    ) -> Result<MutationOutcome<()>, NotDone> {
        let (account, short_domain) = (&context.reference, &context.environment().short_domain);
        Ok(context
            .platform
            .environments()
            .set_display_name(account, ticket, short_domain, &self.0)
            .await)
    }

    fn inverse(&self, before: Option<String>) -> Option<Self> {
        DisplayName::parse(before?.as_str()).ok().map(Self)
    }
}
