//! No more jobs are accepted than can be worked off in a time that anybody would wait for.

use crate::UseCaseError;
use domain::error_code::ErrorCode;
use domain::ids::TeamId;
use domain::ports::{BacklogLimits, FullBacklog, Transaction};
use std::time::Duration;

/// When somebody who was refused should ask again: a few jobs have ended by then.
const ASK_AGAIN: Duration = Duration::from_secs(10);

/// Refuses one more job with `team-backlog-full` or `backlog-full`. Requests that are accepted in the very
/// same moment do not see each other on PostgreSQL, so the limits are exceeded by at most as many as there
/// are connections to the store.
pub(super) async fn check_backlog(
    transaction: &mut dyn Transaction,
    team: TeamId,
    limits: BacklogLimits,
) -> Result<(), UseCaseError> {
    let full = transaction.jobs().find_full_backlog(team, limits).await?;
    let (code, detail) = match full {
        None => return Ok(()),
        Some(FullBacklog::OfTeam) => (
            ErrorCode::TeamBacklogFull,
            format!("the team has {} unfinished jobs", limits.per_team),
        ),
        Some(FullBacklog::InAll) => (
            ErrorCode::BacklogFull,
            "there are too many unfinished jobs of all teams".to_owned(),
        ),
    };
    Err(UseCaseError::new(code, detail).retry_after(ASK_AGAIN))
}
