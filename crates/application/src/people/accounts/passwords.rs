//! Checking and hashing passwords; never inside a transaction.

use super::Accounts;
use crate::UseCaseError;
use domain::SecretText;
use domain::error_code::ErrorCode;
use domain::names::{EmailAddress, PersonName};
use domain::people::{NewPassword, PasswordHash, User};
use domain::ports::{PasswordHashError, PasswordVerdict};

impl Accounts {
    /// Refuses a new password that is easy to guess, saying why.
    pub(in crate::people) fn check_strength(
        &self,
        password: &NewPassword,
        name: &PersonName,
        email: &EmailAddress,
    ) -> Result<(), UseCaseError> {
        let known = [name.to_string(), email.to_string()];
        match self.password_hasher.weakness(password.text(), &known) {
            Some(reason) => {
                Err(UseCaseError::new(ErrorCode::ValidationFailed, reason).at("/password"))
            }
            None => Ok(()),
        }
    }

    /// The stored form of a new password.
    pub(in crate::people) async fn hash(
        &self,
        password: &SecretText,
    ) -> Result<PasswordHash, UseCaseError> {
        let hash = self.password_hasher.hash(password.clone()).await;
        hash.map_err(not_hashed)
    }

    /// Whether it is the password of the person; takes the same time when there is none.
    pub(in crate::people) async fn verify(
        &self,
        password: &SecretText,
        user: Option<&User>,
    ) -> Result<PasswordVerdict, UseCaseError> {
        let stored = user.map(|user| user.password.clone());
        let verdict = self.password_hasher.verify(password.clone(), stored).await;
        verdict.map_err(not_hashed)
    }
}

fn not_hashed(error: PasswordHashError) -> UseCaseError {
    match error {
        PasswordHashError::Busy => UseCaseError::new(
            ErrorCode::TemporarilyUnavailable,
            "too many sign in at this moment; nothing was done, try again",
        ),
        PasswordHashError::Failed => {
            UseCaseError::new(ErrorCode::InternalError, "an internal error occurred")
        }
    }
    .caused_by(error)
}
