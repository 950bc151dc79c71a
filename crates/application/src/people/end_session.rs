//! Signing out, and ending one's sessions elsewhere.

use super::accounts::Accounts;
use crate::UseCaseError;
use crate::authorisation::begin_as_person;
use domain::access::Person;
use domain::audit::AuditEvent;
use domain::ids::UserSessionId;
use domain::ports::new_id;

#[cfg(test)]
mod tests;

/// Ends sessions.
#[derive(Clone)]
pub struct EndSession {
    /// What use cases about people share.
    pub accounts: Accounts,
}

impl EndSession {
    /// Ends a living session of the person; `not-found` when there is none, whoever else may have it.
    #[tracing::instrument(name = "usecase.people.end_session", skip_all)]
    pub async fn run(&self, person: &Person, session: UserSessionId) -> Result<(), UseCaseError> {
        let accounts = &self.accounts;
        let mut transaction = if session == person.session.id {
            // Ending it tests by itself that it stands; it must not be locked shared before.
            accounts.begin().await?
        } else {
            begin_as_person(person, &*accounts.unit_of_work, &*accounts.clock).await?
        };
        let now = accounts.clock.now();
        let is_ended = transaction
            .user_sessions()
            .end_user_session(person.user.id, session, now)
            .await?;
        if !is_ended {
            return Err(UseCaseError::not_found());
        }
        let (id, target) = (new_id(&*accounts.ids), session.to_string());
        let event = AuditEvent::by_person(id, person, "session.end", target);
        accounts.commit_with(transaction, &event).await
    }
}
