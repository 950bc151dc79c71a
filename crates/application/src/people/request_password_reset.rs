//! Asking for a mail with a link to choose a new password.

use super::accounts::{Accounts, commit};
use crate::UseCaseError;
use domain::access::RequestOrigin;
use domain::audit::AuditEvent;
use domain::names::EmailAddress;
use domain::people::{EmailLinkPurpose, UserState};
use domain::ports::{MailMessage, new_id};

#[cfg(test)]
mod tests;

/// Mails links to choose a new password.
#[derive(Clone)]
pub struct RequestPasswordReset {
    /// What use cases about people share.
    pub accounts: Accounts,
}

impl RequestPasswordReset {
    /// Says the same whether or not anything is mailed. An address that was never proved gets its mail,
    /// too: opening the link proves it. A person who is shut out gets none.
    #[tracing::instrument(name = "usecase.people.request_password_reset", skip_all)]
    pub async fn run(
        &self,
        email: &EmailAddress,
        origin: &RequestOrigin,
    ) -> Result<(), UseCaseError> {
        let accounts = &self.accounts;
        accounts.admit_client(origin).await?;
        let mut transaction = accounts.begin().await?;
        let may_mail = accounts.may_mail(&mut *transaction, email).await?;
        let user = transaction.people().find_user_by_email(email).await?;
        let user = user.filter(|user| may_mail && user.state != UserState::Disabled);
        let Some(user) = user else {
            return commit(transaction).await;
        };
        let (link, token) = accounts.new_link(user.id, EmailLinkPurpose::PasswordReset)?;
        transaction.people().insert_email_link(&link).await?;
        let (id, target) = (new_id(&*accounts.ids), user.id.to_string());
        let event = AuditEvent::at(id, origin, "user.request_password_reset", target);
        accounts.commit_with(transaction, &event).await?;
        accounts.mail(user.email, MailMessage::ResetPassword { token });
        Ok(())
    }
}
