//! Which log files a node has.

use crate::authorisation::demand;
use crate::live_reads::{ReachedNode, SharedAnswers};
use crate::{LiveReads, UseCaseError};
use domain::access::{Actor, Permission};
use domain::ids::{EnvironmentId, NodeId, TeamId};
use domain::ports::LogFile;
use std::sync::Arc;
use std::time::Duration;

/// A list is good for so long.
const GOOD_FOR: Duration = Duration::from_secs(10);

/// Lists log files.
pub struct ListLogFiles {
    reads: Arc<LiveReads>,
    shared: SharedAnswers<(TeamId, EnvironmentId, NodeId), Vec<LogFile>>,
}

impl ListLogFiles {
    /// On these reads.
    pub fn new(reads: Arc<LiveReads>) -> Self {
        Self {
            reads,
            shared: SharedAnswers::new(GOOD_FOR),
        }
    }

    /// Demands `logs.view`. By path; at most 10 s old.
    #[tracing::instrument(name = "usecase.logs.list_log_files", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        environment: EnvironmentId,
        node: NodeId,
    ) -> Result<Vec<LogFile>, UseCaseError> {
        demand(actor, team, Permission::LogsView)?;
        let reached = self.reads.reach_node(team, environment, node).await?;
        self.of(&reached, (team, environment, node)).await
    }

    /// The files of a node that was reached.
    pub(super) async fn of(
        &self,
        reached: &ReachedNode,
        place: (TeamId, EnvironmentId, NodeId),
    ) -> Result<Vec<LogFile>, UseCaseError> {
        let reads = &self.reads;
        let ask = async || {
            let logs = reads.platform.logs();
            let listed = logs.list_log_files(&reached.account, &reached.short_domain, reached.node);
            reads.ask(&reached.account, listed).await
        };
        self.shared.ask(&*reads.clock, &place, ask).await
    }
}
