//! The second factor: a code of an app, or a recovery code in its place.

use super::Accounts;
use crate::UseCaseError;
use domain::SecretText;
use domain::error_code::ErrorCode;
use domain::people::{OneTimeCode, SecondFactor, User};
use domain::ports::Transaction;

/// What somebody gives as second factor.
#[derive(Clone)]
pub enum PresentedFactor {
    /// A code of their app.
    Code(OneTimeCode),
    /// One of their recovery codes.
    RecoveryCode(SecretText),
}

/// What comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::people) enum FactorVerdict {
    /// The person has no second factor.
    NotNeeded,
    /// The code is right and used up: the changed person has to be stored in the same transaction.
    Code,
    /// The recovery code was right and is used up.
    RecoveryCode,
    /// Nothing was given.
    Missing,
    /// It is not right.
    Wrong,
}

impl FactorVerdict {
    /// Why it is no proof; `None` when it is one.
    pub(in crate::people) fn refusal(self) -> Option<UseCaseError> {
        match self {
            Self::NotNeeded | Self::Code | Self::RecoveryCode => None,
            Self::Missing => Some(UseCaseError::new(
                ErrorCode::SecondFactorNeeded,
                "send the `code` of your authenticator app, or a `recovery_code`, along",
            )),
            Self::Wrong => Some(super::sign_in_refused()),
        }
    }
}

impl Accounts {
    /// Checks the second factor of a person as the transaction reads them. A code is good once: its
    /// step is noted in `user`, and of two that store it at once one finds another version.
    pub(in crate::people) async fn check_factor(
        &self,
        transaction: &mut dyn Transaction,
        user: &mut User,
        presented: Option<&PresentedFactor>,
    ) -> Result<FactorVerdict, UseCaseError> {
        if !user.has_second_factor() {
            return Ok(FactorVerdict::NotNeeded);
        }
        match presented {
            None => Ok(FactorVerdict::Missing),
            Some(PresentedFactor::Code(code)) => {
                let step = self.matching_step(transaction, user, code).await?;
                let (Some(step), Some(factor)) = (step, user.second_factor.as_mut()) else {
                    return Ok(FactorVerdict::Wrong);
                };
                factor.last_step = step;
                Ok(FactorVerdict::Code)
            }
            Some(PresentedFactor::RecoveryCode(code)) => {
                let hashes = self.token_hasher.hashes_of_recovery_code(code);
                let is_right = !hashes.is_empty()
                    && transaction
                        .people()
                        .use_recovery_code(user.id, &hashes)
                        .await?;
                Ok(if is_right {
                    FactorVerdict::RecoveryCode
                } else {
                    FactorVerdict::Wrong
                })
            }
        }
    }

    /// The time step of the code, when it is right and later than the last one that was taken.
    pub(in crate::people) async fn matching_step(
        &self,
        transaction: &mut dyn Transaction,
        user: &User,
        code: &OneTimeCode,
    ) -> Result<Option<i64>, UseCaseError> {
        let Some(SecondFactor {
            sealed_secret,
            last_step,
            ..
        }) = &user.second_factor
        else {
            return Ok(None);
        };
        let key = transaction.people().find_user_key(user.id).await?;
        let key = key.ok_or(domain::ports::VaultError)?;
        let secret = self
            .custody
            .open_second_factor(&key, user.id, sealed_secret)?;
        let now = self.clock.now();
        let codes = &self.one_time_passwords;
        Ok(codes.matching_step(&secret, code.digits(), now, *last_step))
    }
}
