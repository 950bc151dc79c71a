//! Shutting people out, letting them in again, and helping who lost the password and the mail.

use super::{Administrator, audit_person, find_person, not_committed, read_person};
use crate::UseCaseError;
use domain::SecretText;
use domain::error_code::ErrorCode;
use domain::limits::PASSWORD_RESET_LIFETIME;
use domain::names::EmailAddress;
use domain::people::{EmailLink, EmailLinkPurpose, User, UserState};
use domain::ports::{
    Clock, IdSource, ReadModel, TokenHasher, TokenKind, UnitOfWork, WritePriority, new_id,
};
use jiff::Timestamp;
use std::sync::Arc;

#[cfg(test)]
pub(super) mod tests;

/// What becomes of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonChange {
    /// Shut out: their sessions end, their tokens are refused.
    Disable,
    /// Let in. Their address counts as proved.
    Enable,
}

/// Shuts people out and lets them in.
#[derive(Clone)]
pub struct ChangePerson {
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// The teams of a person.
    pub read_model: Arc<dyn ReadModel>,
    /// Identifiers.
    pub ids: Arc<dyn IdSource>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

impl ChangePerson {
    /// Takes effect with the next request of the person. Says how many sessions ended. Idempotent; each
    /// use is audited.
    #[tracing::instrument(name = "usecase.administration.change_person", skip_all)]
    pub async fn run(
        &self,
        administrator: &Administrator,
        email: &EmailAddress,
        change: PersonChange,
    ) -> Result<u64, UseCaseError> {
        let (id, teams) = find_person(&*self.unit_of_work, &*self.read_model, email).await?;
        let mut transaction = self.unit_of_work.begin(WritePriority::Interactive).await?;
        let found = read_person(&mut *transaction, id).await?;
        let (state, action) = match change {
            PersonChange::Disable => (UserState::Disabled, "person.disable"),
            PersonChange::Enable => (UserState::Active, "person.enable"),
        };
        if found.state != state {
            let changed = User { state, ..found };
            transaction.people().update_user(&changed).await?;
        }
        let ended = match change {
            PersonChange::Disable => {
                let sessions = transaction.user_sessions();
                sessions
                    .end_user_sessions(id, None, self.clock.now())
                    .await?
            }
            PersonChange::Enable => 0,
        };
        let about = (id, teams.as_slice());
        audit_person(&mut *transaction, &*self.ids, administrator, action, about).await?;
        transaction.commit().await.map_err(not_committed)?;
        Ok(ended)
    }
}

/// What lets a person choose a new password, once.
pub struct ResetToken {
    /// The token.
    pub token: SecretText,
    /// From when on it is refused.
    pub expires_at: Timestamp,
}

/// Makes a token that resets a password, for whoever no mail reaches.
#[derive(Clone)]
pub struct ResetPersonPassword {
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// The teams of a person.
    pub read_model: Arc<dyn ReadModel>,
    /// Makes the token.
    pub token_hasher: Arc<dyn TokenHasher>,
    /// Identifiers.
    pub ids: Arc<dyn IdSource>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

impl ResetPersonPassword {
    /// The old password stays good until the token is used. Who is disabled gets none. Each use makes
    /// another token, and is audited.
    #[tracing::instrument(name = "usecase.administration.reset_person_password", skip_all)]
    pub async fn run(
        &self,
        administrator: &Administrator,
        email: &EmailAddress,
    ) -> Result<ResetToken, UseCaseError> {
        let (id, teams) = find_person(&*self.unit_of_work, &*self.read_model, email).await?;
        let mut transaction = self.unit_of_work.begin(WritePriority::Interactive).await?;
        let found = read_person(&mut *transaction, id).await?;
        if found.state == UserState::Disabled {
            return Err(UseCaseError::new(
                ErrorCode::ValidationFailed,
                "the person is disabled; enable them first",
            ));
        }
        let (token, hash) = self.token_hasher.new_token(TokenKind::PasswordReset)?;
        let now = self.clock.now();
        let expires_at = now
            .checked_add(PASSWORD_RESET_LIFETIME)
            .unwrap_or(Timestamp::MAX);
        let link = EmailLink {
            id: new_id(&*self.ids),
            user_id: id,
            purpose: EmailLinkPurpose::PasswordReset,
            hash,
            created_at: now,
            expires_at,
        };
        transaction.people().insert_email_link(&link).await?;
        let about = (id, teams.as_slice());
        audit_person(
            &mut *transaction,
            &*self.ids,
            administrator,
            "person.reset_password",
            about,
        )
        .await?;
        transaction.commit().await.map_err(not_committed)?;
        Ok(ResetToken { token, expires_at })
    }
}
