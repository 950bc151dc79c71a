//! Suspending a team, and letting it go on.

use super::{begin, event};
use crate::team_changes::finish_with;
use crate::{TeamChanges, UseCaseError};
use domain::access::Person;
use domain::ids::TeamId;
use domain::names::SuspensionReason;
use domain::team::Team;
use jiff::Timestamp;

#[cfg(test)]
mod tests;

/// Suspends teams.
#[derive(Clone)]
pub struct SuspendTeam {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
}

/// Ends suspensions.
#[derive(Clone)]
pub struct ResumeTeam {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
}

impl SuspendTeam {
    /// For operators. From the commit on the team can be looked at and nothing else: no request changes
    /// anything and no step of a job starts; calls that are on their way end. Idempotent: the time of
    /// the first suspension stays.
    #[tracing::instrument(name = "usecase.operators.suspend_team", skip_all)]
    pub async fn run(
        &self,
        person: &Person,
        team: TeamId,
        reason: Option<SuspensionReason>,
    ) -> Result<Team, UseCaseError> {
        let now = self.changes.now();
        let since = |suspended: Option<Timestamp>| Some(suspended.unwrap_or(now));
        change(&self.changes, person, team, "team.suspend", reason, since).await
    }
}

impl ResumeTeam {
    /// For operators. Idempotent.
    #[tracing::instrument(name = "usecase.operators.resume_team", skip_all)]
    pub async fn run(
        &self,
        person: &Person,
        team: TeamId,
        reason: Option<SuspensionReason>,
    ) -> Result<Team, UseCaseError> {
        change(&self.changes, person, team, "team.resume", reason, |_| None).await
    }
}

async fn change(
    changes: &TeamChanges,
    person: &Person,
    team: TeamId,
    action: &str,
    reason: Option<SuspensionReason>,
    since: impl FnOnce(Option<Timestamp>) -> Option<Timestamp> + Send,
) -> Result<Team, UseCaseError> {
    let (mut transaction, now) = begin(changes, person).await?;
    let found = transaction.teams().find_team(team).await?;
    let mut found = found.ok_or_else(UseCaseError::not_found)?;
    found.suspended_at = since(found.suspended_at);
    transaction.teams().update_team(&found).await?;
    let line = event(changes, &now, action, team.to_string()).in_team(team);
    let line = match reason {
        Some(reason) => line.with_detail(reason.as_str()),
        None => line,
    };
    finish_with(transaction, line, "read the team").await?;
    found.version += 1;
    Ok(found)
}
