//! Which variables a container has. Their values may be secrets: they are sealed in the job, opened
//! for one call or one comparison, and never written anywhere else.

use super::DesiredState;
use crate::workflows::context::JobContext;
use crate::workflows::payloads::SealedVariables;
use crate::workflows::refusal::not_done_after_read;
use crate::workflows::step::NotDone;
use async_trait::async_trait;
use domain::SecretText;
use domain::environment::PlatformNodeId;
use domain::names::VariableName;
use domain::ports::{MutationOutcome, MutationTicket};
use std::collections::{BTreeMap, BTreeSet};

#[cfg(test)]
mod tests;

/// A wish about the variables of a node's container.
pub(crate) struct Variables {
    pub(crate) node: PlatformNodeId,
    pub(crate) wish: VariablesWish,
}

/// What the variables shall be.
pub(crate) enum VariablesWish {
    /// These are among them.
    With(SealedVariables),
    /// These and no others.
    Exactly(SealedVariables),
    /// None of these is among them.
    Without(BTreeSet<VariableName>),
}

#[async_trait]
impl DesiredState for Variables {
    fn does(&self) -> &'static str {
        match self.wish {
            VariablesWish::With(_) => "adds or overwrites variables of a container",
            VariablesWish::Exactly(_) => "leaves it with exactly these variables",
            VariablesWish::Without(_) => "removes variables",
        }
    }

    /// Whether the wish is fulfilled. What was there before is not kept: it may be secret.
    type Seen = bool;

    async fn look(&self, context: &JobContext<'_>) -> Result<bool, NotDone> {
        let observed = context
            .platform
            .variables()
            .read_variables(
                &context.reference,
                &context.environment().short_domain,
                self.node,
            )
            .await
            .map_err(|error| not_done_after_read(&error, context.settings))?;
        let holds = |wanted: &BTreeMap<VariableName, SecretText>| {
            wanted.iter().all(|(name, value)| {
                observed
                    .get(name.as_str())
                    .is_some_and(|seen| seen.expose() == value.expose())
            })
        };
        Ok(match &self.wish {
            VariablesWish::With(sealed) => holds(&context.open_variables(sealed).await?),
            VariablesWish::Exactly(sealed) => {
                let wanted = context.open_variables(sealed).await?;
                observed.len() == wanted.len() && holds(&wanted)
            }
            VariablesWish::Without(names) => names
                .iter()
                .all(|name| !observed.contains_key(name.as_str())),
        })
    }

    fn is_reached(&self, seen: &bool) -> bool {
        *seen
    }

    async fn ask(
        &self,
        context: &JobContext<'_>,
        ticket: MutationTicket,
    ) -> Result<MutationOutcome<()>, NotDone> {
        let variables = context.platform.variables();
        let (account, short_domain) = (&context.reference, &context.environment().short_domain);
        Ok(match &self.wish {
            VariablesWish::With(sealed) => {
                let wanted = context.open_variables(sealed).await?;
                variables
                    .add_variables(account, ticket, short_domain, self.node, &wanted)
                    .await
            }
            VariablesWish::Exactly(sealed) => {
                let wanted = context.open_variables(sealed).await?;
                variables
                    .replace_variables(account, ticket, short_domain, self.node, &wanted)
                    .await
            }
            VariablesWish::Without(names) => {
                variables
                    .remove_variables(account, ticket, short_domain, self.node, names)
                    .await
            }
        })
    }
}
