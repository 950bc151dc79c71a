//! Asking for another mail with a link that proves an address.

use super::accounts::{Accounts, commit};
use crate::UseCaseError;
use domain::access::RequestOrigin;
use domain::audit::AuditEvent;
use domain::names::EmailAddress;
use domain::people::{EmailLinkPurpose, User, UserState};
use domain::ports::{MailMessage, Transaction, new_id};

#[cfg(test)]
mod tests;

/// Mails the link again.
#[derive(Clone)]
pub struct ResendVerification {
    /// What use cases about people share.
    pub accounts: Accounts,
}

impl ResendVerification {
    /// Says the same whether or not anything is mailed: only an address that has an account and was
    /// never proved gets a mail, and not too many of them.
    #[tracing::instrument(name = "usecase.people.resend_verification", skip_all)]
    pub async fn run(
        &self,
        email: &EmailAddress,
        origin: &RequestOrigin,
    ) -> Result<(), UseCaseError> {
        self.accounts.admit_client(origin).await?;
        let mut transaction = self.accounts.begin().await?;
        let user = transaction.people().find_user_by_email(email).await?;
        self.mail_link(transaction, email, user, origin).await
    }

    /// Ends the transaction with a link for an unproved address, or without.
    pub(super) async fn mail_link(
        &self,
        mut transaction: Box<dyn Transaction>,
        email: &EmailAddress,
        user: Option<User>,
        origin: &RequestOrigin,
    ) -> Result<(), UseCaseError> {
        let accounts = &self.accounts;
        let may_mail = accounts.may_mail(&mut *transaction, email).await?;
        let user = user.filter(|user| may_mail && user.state == UserState::Unverified);
        let Some(user) = user else {
            return commit(transaction).await;
        };
        let (link, token) = accounts.new_link(user.id, EmailLinkPurpose::Verification)?;
        transaction.people().insert_email_link(&link).await?;
        let (id, target) = (new_id(&*accounts.ids), user.id.to_string());
        let event = AuditEvent::at(id, origin, "user.mail_verification", target);
        accounts.commit_with(transaction, &event).await?;
        let name = user.name;
        accounts.mail(user.email, MailMessage::VerifyAddress { name, token });
        Ok(())
    }
}
