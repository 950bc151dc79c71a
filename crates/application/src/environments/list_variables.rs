//! The variables of a container, as the platform has them now. Values are shown only to who asks for them and may
//! see them, and never kept.

use crate::authorisation::demand;
use crate::{LiveReads, TeamChanges, UseCaseError};
use domain::SecretText;
use domain::access::{Actor, Permission};
use domain::ids::{EnvironmentId, NodeId, TeamId};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// A variable of a container.
pub struct ListedVariable {
    /// Its name, whatever the container calls it.
    pub name: String,
    /// Its value, if it was asked for.
    pub value: Option<SecretText>,
}

/// Lists variables.
#[derive(Clone)]
pub struct ListVariables {
    /// Reads of the platform.
    pub reads: Arc<LiveReads>,
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
}

impl ListVariables {
    /// Demands `env.view`; with values `variables.view_values` as well, which is written into the team's trail first:
    /// without that nothing is read. All variables of the node's container, those of its image included, by name.
    #[tracing::instrument(name = "usecase.environments.list_variables", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        (team, environment, node): (TeamId, EnvironmentId, NodeId),
        with_values: bool,
    ) -> Result<Vec<ListedVariable>, UseCaseError> {
        demand(actor, team, Permission::EnvironmentView)?;
        let may_see_values = if with_values {
            Some(demand(actor, team, Permission::VariablesViewValues)?)
        } else {
            None
        };
        let reads = &self.reads;
        let reached = reads.reach_node(team, environment, node).await?;
        if let Some(authorised) = may_see_values {
            let (transaction, now) = self.changes.begin(&authorised).await?;
            let what = ("variables.view_values", node.to_string());
            self.changes
                .finish(transaction, &now, what, "ask again")
                .await?;
        }
        let variables = reads.platform.variables();
        let read = variables.read_variables(&reached.account, &reached.short_domain, reached.node);
        let found = reads.ask(&reached.account, read).await?;
        let listed = found.into_iter().map(|(name, value)| ListedVariable {
            name,
            value: with_values.then_some(value),
        });
        Ok(listed.collect())
    }
}
