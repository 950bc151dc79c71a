//! Use cases of those who run the service, in teams that are not theirs. Each is written down where the
//! team sees it.

mod get_team;
mod list_teams;
mod pause_changes;
mod suspend_team;

pub use get_team::GetAnyTeam;
pub use list_teams::ListAllTeams;
pub use pause_changes::{EndPause, ListPauses, PauseChanges};
pub use suspend_team::{ResumeTeam, SuspendTeam};

use crate::authorisation::demand_operator;
use crate::{TeamChanges, UseCaseError};
use domain::access::{Person, Principal};
use domain::audit::AuditEvent;
use domain::ports::Transaction;

/// A transaction of an operator, who still is one.
async fn begin(
    changes: &TeamChanges,
    person: &Person,
) -> Result<(Box<dyn Transaction>, Person), UseCaseError> {
    demand_operator(person)?;
    let (transaction, now) = changes.begin_as_person(person).await?;
    demand_operator(&now)?;
    Ok((transaction, now))
}

/// What an operator did, as an operator.
fn event(changes: &TeamChanges, person: &Person, action: &str, target: String) -> AuditEvent {
    AuditEvent {
        principal: Principal::Operator(person.user.id),
        ..changes.event_of_person(person, action, target)
    }
}
