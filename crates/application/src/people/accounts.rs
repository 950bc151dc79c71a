//! What the use cases about people share: their ports, and the steps that are the same in all of them.

mod factor;
mod links;
mod own_change;
mod passwords;
mod throttle;

pub(super) use factor::FactorVerdict;
pub use factor::PresentedFactor;
pub use own_change::IssuedSession;
pub(super) use own_change::{OwnChange, step_up_within_window};

use crate::{CredentialCustody, UseCaseError};
use domain::audit::{AuditEvent, AuditOutcome};
use domain::error_code::ErrorCode;
use domain::names::EmailAddress;
use domain::ports::{
    Clock, IdSource, Mail, MailMessage, Mailer, OneTimePasswords, PasswordHasher, TokenHasher,
    Transaction, UnitOfWork, WritePriority,
};
use std::sync::Arc;

/// The ports of the use cases about people.
#[derive(Clone)]
pub struct Accounts {
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// Tokens, recovery codes and fingerprints.
    pub token_hasher: Arc<dyn TokenHasher>,
    /// Passwords.
    pub password_hasher: Arc<dyn PasswordHasher>,
    /// Codes of authenticator apps.
    pub one_time_passwords: Arc<dyn OneTimePasswords>,
    /// Sealing.
    pub custody: CredentialCustody,
    /// Mail.
    pub mailer: Arc<dyn Mailer>,
    /// Identifiers.
    pub ids: Arc<dyn IdSource>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

impl Accounts {
    /// A transaction of somebody nobody is known for yet.
    pub(super) async fn begin(&self) -> Result<Box<dyn Transaction>, UseCaseError> {
        Ok(self.unit_of_work.begin(WritePriority::Interactive).await?)
    }

    /// Commits with the event as its last line.
    pub(super) async fn commit_with(
        &self,
        mut transaction: Box<dyn Transaction>,
        event: &AuditEvent,
    ) -> Result<(), UseCaseError> {
        transaction.audit().append_audit_event(event).await?;
        commit(transaction).await
    }

    /// Notes in the same transaction that something was refused, and gives the refusal back.
    pub(super) async fn refuse(
        &self,
        transaction: Box<dyn Transaction>,
        event: AuditEvent,
        refusal: UseCaseError,
    ) -> UseCaseError {
        let event = AuditEvent {
            outcome: AuditOutcome::Refused,
            ..event.with_detail(refusal.code().as_str())
        };
        match self.commit_with(transaction, &event).await {
            Ok(()) => refusal,
            Err(error) => error,
        }
    }

    /// Hands a mail to the mailer; after the commit of what it is about.
    pub(super) fn mail(&self, to: EmailAddress, message: MailMessage) {
        self.mailer.enqueue(Mail { to, message });
    }
}

/// Commits; an unknown outcome is neither success nor failure.
pub(super) async fn commit(transaction: Box<dyn Transaction>) -> Result<(), UseCaseError> {
    let committed = transaction.commit().await;
    committed.map_err(|error| UseCaseError::from_commit(error, "look whether it holds"))
}

/// One refusal for an unknown address, a wrong password, a wrong code and a disabled account.
pub(super) fn sign_in_refused() -> UseCaseError {
    UseCaseError::new(
        ErrorCode::SignInRefused,
        "e-mail address, password or code are not right",
    )
}

/// One refusal for every link that is not good.
pub(super) fn link_invalid() -> UseCaseError {
    UseCaseError::new(
        ErrorCode::LinkInvalid,
        "the link is unknown, was used or is too old; ask for a new one",
    )
    .at("/token")
}
