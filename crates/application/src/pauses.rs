//! Beginning and ending pauses, whoever does it.

use crate::UseCaseError;
use domain::error_code::ErrorCode;
use domain::ids::TeamId;
use domain::names::PlatformName;
use domain::pause::{MutationPause, PauseScope};
use domain::ports::Transaction;
use jiff::Timestamp;
use std::sync::Arc;

/// The platforms of the configuration.
pub type KnownPlatforms = Arc<[PlatformName]>;

/// Stores the pause. What commits a step after this has committed has seen it. Refused with
/// `pause-state-conflict` when a pause of the scope lasts, and when there is no such team or platform.
pub(crate) async fn begin_pause(
    transaction: &mut dyn Transaction,
    known: &KnownPlatforms,
    pause: &MutationPause,
) -> Result<(), UseCaseError> {
    match &pause.scope {
        PauseScope::Team(team) => {
            let found = transaction.teams().find_team(*team).await?;
            found.ok_or_else(UseCaseError::not_found)?;
        }
        PauseScope::Platform(name) if known.contains(name) => {}
        PauseScope::Platform(name) => {
            let detail = format!("no platform `{name}` is configured");
            return Err(UseCaseError::new(ErrorCode::NotFound, detail));
        }
    }
    let pauses = transaction.pauses();
    pauses.lock_pauses().await?;
    if let Some(earlier) = pauses.find_lasting_pause(&pause.scope).await? {
        return Err(UseCaseError::new(
            ErrorCode::PauseStateConflict,
            format!(
                "changes are paused already, since {}: {}",
                earlier.paused_at, earlier.reason
            ),
        ));
    }
    Ok(pauses.put_pause(pause).await?)
}

/// Ends the pause of the scope. A team or a platform that is gone meanwhile can be resumed as well.
pub(crate) async fn end_pause(
    transaction: &mut dyn Transaction,
    scope: &PauseScope,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    if transaction.pauses().end_pause(scope, now).await? {
        return Ok(());
    }
    if let PauseScope::Team(team) = scope {
        let found = transaction.teams().find_team(*team).await?;
        found.ok_or_else(UseCaseError::not_found)?;
    }
    let detail = "changes are not paused";
    Err(UseCaseError::new(ErrorCode::PauseStateConflict, detail))
}

/// In whose trail a pause is written down; none for that of the system.
pub(crate) fn team_of(scope: &PauseScope) -> Option<TeamId> {
    match scope {
        PauseScope::Team(team) => Some(*team),
        PauseScope::Platform(_) => None,
    }
}
