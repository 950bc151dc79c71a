//! What is done with a shell on the machine when nothing else helps. Whoever can run it could change the
//! database as well, so it asks for no right; but each use is in the audit trails, of the system and of
//! the teams that it is about.

mod jobs;
mod operators;
mod pauses;
mod people;
mod purge;
mod teams;

pub use jobs::{
    CloseJob, JobDossier, ListAllJobs, PersonsWord, ReopenJob, RepeatJob, Repeated, ShowJob,
};
pub use operators::{AppointOperator, OperatorChange};
pub use pauses::PauseChanges;
pub use people::{ChangePerson, PersonChange, ResetPersonPassword, ResetToken};
pub use purge::PurgeByHand;
pub use teams::{ExportAnyTeam, ListAllTeams, SuspendTeam, SuspensionChange};

use crate::UseCaseError;
use domain::audit::AuditEvent;
use domain::error_code::ErrorCode;
use domain::ids::{TeamId, UserId};
use domain::limits::PAGE_SIZE_MAX;
use domain::names::EmailAddress;
use domain::page::PageRequest;
use domain::people::User;
use domain::ports::{
    CommitError, IdSource, ReadModel, StoreError, Transaction, UnitOfWork, WritePriority, new_id,
};

/// Whoever has a shell on the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Administrator {
    /// The number of the user of the operating system, for the audit trails.
    pub os_user_id: u32,
}

impl Administrator {
    fn detail(&self) -> String {
        format!("os_user:{}", self.os_user_id)
    }
}

/// The person with the address, and the teams they are a member of.
async fn find_person(
    unit_of_work: &dyn UnitOfWork,
    read_model: &dyn ReadModel,
    email: &EmailAddress,
) -> Result<(UserId, Vec<TeamId>), UseCaseError> {
    let mut transaction = unit_of_work.begin(WritePriority::Interactive).await?;
    let found = transaction.people().find_user_by_email(email).await?;
    drop(transaction);
    let user = found.ok_or_else(unknown_person)?.id;
    let mut teams = Vec::new();
    let mut after = None;
    loop {
        let page = PageRequest::new(PAGE_SIZE_MAX, after);
        let found = read_model.list_teams_of_user(user, page).await?;
        teams.extend(found.items.into_iter().map(|(team, _)| team.id));
        after = found.next_after;
        if after.is_none() {
            return Ok((user, teams));
        }
    }
}

/// The person as they are now.
async fn read_person(
    transaction: &mut dyn Transaction,
    user: UserId,
) -> Result<User, UseCaseError> {
    let found = transaction.people().find_user(user).await?;
    found.ok_or_else(unknown_person)
}

fn unknown_person() -> UseCaseError {
    UseCaseError::new(
        ErrorCode::NotFound,
        "nobody is registered with this address",
    )
}

/// Writes what was done to a person into the trail of the system and into those of their teams, always
/// in the same order: who writes into several trails must not wait for another who does.
async fn audit_person(
    transaction: &mut dyn Transaction,
    ids: &dyn IdSource,
    administrator: &Administrator,
    action: &'static str,
    (user, teams): (UserId, &[TeamId]),
) -> Result<(), StoreError> {
    let event = || {
        AuditEvent::at_command_line(new_id(ids), action, user.to_string())
            .with_detail(administrator.detail())
    };
    transaction.audit().append_audit_event(&event()).await?;
    let mut teams = teams.to_vec();
    teams.sort_unstable();
    for team in teams {
        let event = event().in_team(team);
        transaction.audit().append_audit_event(&event).await?;
    }
    Ok(())
}

fn not_committed(error: CommitError) -> UseCaseError {
    UseCaseError::from_commit(error, "look whether it holds")
}
