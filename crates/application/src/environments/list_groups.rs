//! The groups that the team's environments are in, as the platform has them now.

use super::all_living;
use crate::authorisation::demand;
use crate::live_reads::SharedAnswers;
use crate::{LiveReads, UseCaseError};
use domain::access::{Actor, Permission};
use domain::ids::{EnvironmentId, TeamId};
use domain::platform_account::PlatformAccountRef;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

#[cfg(test)]
mod tests;

/// A list is good for so long.
const GOOD_FOR: Duration = Duration::from_secs(10);

/// Which groups each environment of an account is in, by its name on the platform.
type GroupsByName = HashMap<String, Vec<String>>;

/// A group, and which of the team's environments are in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentGroup {
    /// Its name, in the platform's spelling.
    pub name: String,
    /// The environments in it, oldest first. Never empty: a group of which nothing is ours is not shown.
    pub environments: Vec<EnvironmentId>,
}

/// Lists groups.
pub struct ListGroups {
    reads: Arc<LiveReads>,
    shared: SharedAnswers<PlatformAccountRef, GroupsByName>,
}

impl ListGroups {
    /// On these reads.
    pub fn new(reads: Arc<LiveReads>) -> Self {
        Self {
            reads,
            shared: SharedAnswers::new(GOOD_FOR),
        }
    }

    /// Demands `env.view`. By name; at most 10 s old.
    #[tracing::instrument(name = "usecase.environments.list_groups", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
    ) -> Result<Vec<EnvironmentGroup>, UseCaseError> {
        demand(actor, team, Permission::EnvironmentView)?;
        let reads = &self.reads;
        let account = reads.reach_account(team).await?;
        let ask = async || {
            let listed = reads.platform.environments().list_environments(&account);
            let observed = reads.ask(&account, listed).await?;
            let groups = |found: domain::ports::ObservedEnvironment| {
                (found.short_domain.as_str().to_owned(), found.groups)
            };
            Ok(observed.into_iter().map(groups).collect())
        };
        let found: GroupsByName = self.shared.ask(&*reads.clock, &account, ask).await?;
        let mut groups: BTreeMap<String, Vec<EnvironmentId>> = BTreeMap::new();
        for environment in all_living(&*reads.read_model, team).await? {
            let of_it = found.get(environment.short_domain.as_str());
            for name in of_it.into_iter().flatten() {
                groups.entry(name.clone()).or_default().push(environment.id);
            }
        }
        let group = |(name, environments)| EnvironmentGroup { name, environments };
        Ok(groups.into_iter().map(group).collect())
    }
}
