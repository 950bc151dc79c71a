//! Changing one's own password.

use super::accounts::{Accounts, IssuedSession, OwnChange, sign_in_refused};
use crate::UseCaseError;
use domain::SecretText;
use domain::access::Person;
use domain::audit::AuditEvent;
use domain::people::NewPassword;
use domain::ports::{MailMessage, PasswordVerdict, new_id};

#[cfg(test)]
mod tests;

/// The old password and the new one.
pub struct ChangePasswordCommand {
    /// What it is now.
    pub current_password: SecretText,
    /// What it will be.
    pub password: NewPassword,
}

/// Changes passwords.
#[derive(Clone)]
pub struct ChangePassword {
    /// What use cases about people share.
    pub accounts: Accounts,
}

impl ChangePassword {
    /// Ends the other sessions of the person; the own one goes on under another token. It is no step-up:
    /// when the person last proved who they are stays what it was.
    #[tracing::instrument(name = "usecase.people.change_password", skip_all)]
    pub async fn run(
        &self,
        person: &Person,
        command: ChangePasswordCommand,
    ) -> Result<IssuedSession, UseCaseError> {
        let accounts = &self.accounts;
        let (email, name) = (&person.user.email, &person.user.name);
        accounts.check_strength(&command.password, name, email)?;
        let known = accounts.admit(email, &person.origin).await?;
        let known = known.filter(|known| known.id == person.user.id);
        let current = &command.current_password;
        let verdict = accounts.verify(current, known.as_ref()).await?;
        let (id, target) = (new_id(&*accounts.ids), person.user.id.to_string());
        let event = AuditEvent::by_person(id, person, "user.change_password", target);
        let refusal = || sign_in_refused().at("/current_password");
        let (Some(known), PasswordVerdict::Right { .. }) = (known, verdict) else {
            let transaction = accounts.begin().await?;
            return Err(accounts.refuse(transaction, event, refusal()).await);
        };
        let password = accounts.hash(command.password.text()).await?;
        let authenticated_at = person.session.authenticated_at;
        let change = accounts.begin_own_change(person, authenticated_at);
        let OwnChange {
            mut transaction,
            mut user,
            session,
        } = change.await?;
        if user.password != known.password {
            return Err(refusal());
        }
        let now = accounts.clock.now();
        let sessions = transaction.user_sessions();
        sessions
            .end_user_sessions(user.id, Some(session.id), now)
            .await?;
        user.password = password;
        transaction.people().update_user(&user).await?;
        accounts.forget_attempts(&mut *transaction, email).await?;
        accounts.commit_with(transaction, &event).await?;
        accounts.mail(user.email, MailMessage::PasswordChanged);
        Ok(session)
    }
}
