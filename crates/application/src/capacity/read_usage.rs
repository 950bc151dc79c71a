//! What an environment used lately.

use crate::authorisation::demand;
use crate::live_reads::SharedAnswers;
use crate::{LiveReads, UseCaseError};
use domain::access::{Actor, Permission};
use domain::ids::{EnvironmentId, TeamId};
use domain::platform_account::PlatformAccountRef;
use domain::ports::UsageSample;
use std::sync::Arc;
use std::time::Duration;

/// An answer is good for so long.
const GOOD_FOR: Duration = Duration::from_mins(1);

/// Through which account, about what and how long back.
type Question = (PlatformAccountRef, EnvironmentId, Duration);

/// Reads usage.
pub struct ReadUsage {
    reads: Arc<LiveReads>,
    shared: SharedAnswers<Question, Vec<UsageSample>>,
}

impl ReadUsage {
    /// On these reads.
    pub fn new(reads: Arc<LiveReads>) -> Self {
        Self {
            reads,
            shared: SharedAnswers::new(GOOD_FOR),
        }
    }

    /// Demands `env.view`. The samples of the time before now, as the platform took them, oldest first; at most a
    /// minute old.
    #[tracing::instrument(name = "usecase.capacity.read_usage", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        (team, environment, duration): (TeamId, EnvironmentId, Duration),
    ) -> Result<Vec<UsageSample>, UseCaseError> {
        demand(actor, team, Permission::EnvironmentView)?;
        let reads = &self.reads;
        let found = reads.find_environment(team, environment).await?;
        let account = reads.reach_account(team).await?;
        let name = &found.environment.short_domain;
        let ask = async || {
            let accounts = reads.platform.accounts();
            reads
                .ask(&account, accounts.read_usage(&account, name, duration))
                .await
        };
        let question = (account.clone(), environment, duration);
        self.shared.ask(&*reads.clock, &question, ask).await
    }
}
