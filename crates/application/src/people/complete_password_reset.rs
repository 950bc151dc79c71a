//! Choosing a new password by the link in a mail.

use super::accounts::{Accounts, link_invalid};
use crate::UseCaseError;
use domain::SecretText;
use domain::access::{Principal, RequestOrigin};
use domain::audit::AuditEvent;
use domain::people::{EmailLinkPurpose, NewPassword, UserState};
use domain::ports::{MailMessage, TokenKind, new_id};

#[cfg(test)]
mod tests;

/// The link and the password.
pub struct CompletePasswordResetCommand {
    /// The token of the link.
    pub token: SecretText,
    /// The new password.
    pub password: NewPassword,
}

/// Sets new passwords by link.
#[derive(Clone)]
pub struct CompletePasswordReset {
    /// What use cases about people share.
    pub accounts: Accounts,
}

impl CompletePasswordReset {
    /// Ends all sessions of the person, and proves their address if it was not proved yet. The second
    /// factor stays on. A password that is easy to guess is refused and leaves the link as it was.
    #[tracing::instrument(name = "usecase.people.complete_password_reset", skip_all)]
    pub async fn run(
        &self,
        command: CompletePasswordResetCommand,
        origin: &RequestOrigin,
    ) -> Result<(), UseCaseError> {
        let accounts = &self.accounts;
        let hashes = accounts
            .token_hasher
            .hashes_of(TokenKind::PasswordReset, &command.token);
        if hashes.is_empty() {
            return Err(link_invalid());
        }
        accounts.admit_client(origin).await?;
        let password = accounts.hash(command.password.text()).await?;
        let mut transaction = accounts.begin().await?;
        let now = accounts.clock.now();
        let people = transaction.people();
        let link = people
            .use_email_link(EmailLinkPurpose::PasswordReset, &hashes, now)
            .await?;
        let link = link.ok_or_else(link_invalid)?;
        let user = people.find_user(link.user_id).await?;
        let user = user.filter(|user| user.state != UserState::Disabled);
        let mut user = user.ok_or_else(link_invalid)?;
        accounts.check_strength(&command.password, &user.name, &user.email)?;
        // Sessions before the person: requests that hold rights lock them in this order, too.
        let sessions = transaction.user_sessions();
        sessions.end_user_sessions(user.id, None, now).await?;
        user.password = password;
        user.state = UserState::Active;
        transaction.people().update_user(&user).await?;
        let target = user.id.to_string();
        let event = AuditEvent {
            principal: Principal::User(user.id),
            ..AuditEvent::at(
                new_id(&*accounts.ids),
                origin,
                "user.reset_password",
                target,
            )
        };
        accounts.commit_with(transaction, &event).await?;
        accounts.mail(user.email, MailMessage::PasswordChanged);
        Ok(())
    }
}
