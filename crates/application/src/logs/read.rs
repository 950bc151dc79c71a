//! A piece of a log file.

use super::ListLogFiles;
use crate::authorisation::demand;
use crate::live_reads::{ReachedNode, SharedAnswers};
use crate::{LiveReads, UseCaseError};
use domain::access::{Actor, Permission};
use domain::ids::{EnvironmentId, NodeId, TeamId};
use domain::names::FilePath;
use domain::ports::{LogFile, LogRange};
use std::sync::Arc;
use std::time::Duration;

/// What comes after a place is asked for this often, however many follow.
const GOOD_FOR: Duration = Duration::from_secs(2);
/// How often the beginning of a file's last piece is looked for: sizes are in bytes, places in characters.
const STEPS_BACK: u32 = 3;

/// Which part of which file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LogPlace {
    /// The environment.
    pub environment_id: EnvironmentId,
    /// Its node.
    pub node_id: NodeId,
    /// The file.
    pub path: FilePath,
    /// Characters to leave out at the beginning; none means the last `count` characters of the file.
    pub from: Option<u64>,
    /// Most characters to read.
    pub count: u32,
}

/// A piece of a log file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPiece {
    /// How many characters come before it.
    pub from: u64,
    /// The text.
    pub text: String,
    /// Where the next piece begins: what is written later stands there.
    pub next_from: u64,
    /// Whether the file is shorter than the place that was asked for: it was begun anew.
    pub was_begun_anew: bool,
}

/// Reads log files.
pub struct ReadLogFile {
    reads: Arc<LiveReads>,
    files: Arc<ListLogFiles>,
    shared: SharedAnswers<(TeamId, LogPlace), LogPiece>,
}

impl ReadLogFile {
    /// On these reads.
    pub fn new(reads: Arc<LiveReads>, files: Arc<ListLogFiles>) -> Self {
        Self {
            reads,
            files,
            shared: SharedAnswers::new(GOOD_FOR),
        }
    }

    /// Demands `logs.view`. *Not found* for a path that is not among the node's log files: other files are none of
    /// its readers' business. At most 2 s old; who asks for the same at once shares one question.
    #[tracing::instrument(name = "usecase.logs.read_log_file", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        place: &LogPlace,
    ) -> Result<LogPiece, UseCaseError> {
        demand(actor, team, Permission::LogsView)?;
        let (environment, node) = (place.environment_id, place.node_id);
        let reached = self.reads.reach_node(team, environment, node).await?;
        let files = self.files.of(&reached, (team, environment, node)).await?;
        let file = files.iter().find(|it| it.path == place.path.as_str());
        let file = file.ok_or_else(UseCaseError::not_found)?;
        let question = (team, place.clone());
        let ask = async || match place.from {
            Some(from) => self.piece(&reached, place, from, file).await,
            None => self.last_piece(&reached, place, file).await,
        };
        self.shared.ask(&*self.reads.clock, &question, ask).await
    }

    async fn piece(
        &self,
        reached: &ReachedNode,
        place: &LogPlace,
        from: u64,
        file: &LogFile,
    ) -> Result<LogPiece, UseCaseError> {
        let range = LogRange {
            from,
            count: place.count,
        };
        let text = self.text(reached, &place.path, range).await?;
        // There are never more characters than bytes.
        let was_begun_anew = text.is_empty() && file.size.is_some_and(|size| size < from);
        Ok(LogPiece {
            from,
            next_from: from + characters(&text),
            text,
            was_begun_anew,
        })
    }

    /// From as many characters before the end as there are bytes; further back while that is too near.
    async fn last_piece(
        &self,
        reached: &ReachedNode,
        place: &LogPlace,
        file: &LogFile,
    ) -> Result<LogPiece, UseCaseError> {
        let wanted = u64::from(place.count);
        let mut from = file.size.unwrap_or(0).saturating_sub(wanted);
        let mut piece = self.piece(reached, place, from, file).await?;
        for _ in 0..STEPS_BACK {
            let missing = wanted - characters(&piece.text).min(wanted);
            if missing == 0 || from == 0 {
                break;
            }
            from = from.saturating_sub(missing);
            piece = self.piece(reached, place, from, file).await?;
        }
        Ok(piece)
    }

    async fn text(
        &self,
        reached: &ReachedNode,
        path: &FilePath,
        range: LogRange,
    ) -> Result<String, UseCaseError> {
        let ReachedNode {
            account,
            short_domain,
            node,
        } = reached;
        let logs = self.reads.platform.logs();
        let read = logs.read_log(account, short_domain, *node, path, range);
        self.reads.ask(account, read).await
    }
}

fn characters(text: &str) -> u64 {
    u64::try_from(text.chars().count()).unwrap_or(u64::MAX)
}
