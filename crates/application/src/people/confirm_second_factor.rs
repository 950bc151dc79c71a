//! Confirming a second factor by a first code.

use super::accounts::{Accounts, IssuedSession, OwnChange};
use crate::UseCaseError;
use domain::SecretText;
use domain::access::Person;
use domain::audit::AuditEvent;
use domain::error_code::ErrorCode;
use domain::limits;
use domain::people::{OneTimeCode, SecondFactor};
use domain::ports::{MailMessage, new_id};

#[cfg(test)]
mod tests;

/// What confirming gives.
pub struct ConfirmedSecondFactor {
    /// Codes that stand in for the app when it is lost; told this once.
    pub recovery_codes: Vec<SecretText>,
    /// The session under its next token.
    pub session: IssuedSession,
}

/// Confirms second factors.
#[derive(Clone)]
pub struct ConfirmSecondFactor {
    /// What use cases about people share.
    pub accounts: Accounts,
}

impl ConfirmSecondFactor {
    /// From now on signing in needs a code. `not-found` when none is being set up, `limit-reached` when
    /// it was confirmed before.
    #[tracing::instrument(name = "usecase.people.confirm_second_factor", skip_all)]
    pub async fn run(
        &self,
        person: &Person,
        code: &OneTimeCode,
    ) -> Result<ConfirmedSecondFactor, UseCaseError> {
        let accounts = &self.accounts;
        let codes = accounts
            .token_hasher
            .new_recovery_codes(limits::RECOVERY_CODES)?;
        let authenticated_at = person.session.authenticated_at;
        let change = accounts.begin_own_change(person, authenticated_at);
        let OwnChange {
            mut transaction,
            mut user,
            session,
        } = change.await?;
        if user.has_second_factor() {
            return Err(UseCaseError::new(
                ErrorCode::LimitReached,
                "the second factor is confirmed already",
            ));
        }
        let step = accounts.matching_step(&mut *transaction, &user, code);
        let step = step.await?;
        let factor = user.second_factor.take();
        let factor = factor.ok_or_else(UseCaseError::not_found)?;
        let last_step = step.ok_or_else(wrong_code)?;
        user.second_factor = Some(SecondFactor {
            confirmed_at: Some(accounts.clock.now()),
            last_step,
            ..factor
        });
        let (recovery_codes, hashes): (Vec<_>, Vec<_>) = codes.into_iter().unzip();
        let people = transaction.people();
        people.replace_recovery_codes(user.id, &hashes).await?;
        people.update_user(&user).await?;
        let (id, target) = (new_id(&*accounts.ids), user.id.to_string());
        let event = AuditEvent::by_person(id, person, "second_factor.confirm", target);
        accounts.commit_with(transaction, &event).await?;
        accounts.mail(user.email, MailMessage::SecondFactorChanged { is_on: true });
        Ok(ConfirmedSecondFactor {
            recovery_codes,
            session,
        })
    }
}

fn wrong_code() -> UseCaseError {
    UseCaseError::new(
        ErrorCode::ValidationFailed,
        "is not what the app shows now; look whether the clock of its device is right",
    )
    .at("/code")
}
