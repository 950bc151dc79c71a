//! New recovery codes in place of old ones.

use super::accounts::{Accounts, step_up_within_window};
use crate::UseCaseError;
use crate::authorisation::begin_as_person;
use domain::SecretText;
use domain::access::Person;
use domain::audit::AuditEvent;
use domain::error_code::ErrorCode;
use domain::limits;
use domain::ports::new_id;

#[cfg(test)]
mod tests;

/// Renews recovery codes.
#[derive(Clone)]
pub struct RenewRecoveryCodes {
    /// What use cases about people share.
    pub accounts: Accounts,
}

impl RenewRecoveryCodes {
    /// Needs a fresh proof of who the person is and a confirmed second factor. The codes are told this
    /// once; those from before are worth nothing any more.
    #[tracing::instrument(name = "usecase.people.renew_recovery_codes", skip_all)]
    pub async fn run(&self, person: &Person) -> Result<Vec<SecretText>, UseCaseError> {
        let accounts = &self.accounts;
        step_up_within_window(person, &*accounts.clock)?;
        let codes = accounts
            .token_hasher
            .new_recovery_codes(limits::RECOVERY_CODES)?;
        let mut transaction =
            begin_as_person(person, &*accounts.unit_of_work, &*accounts.clock).await?;
        let people = transaction.people();
        let user = people.find_user(person.user.id).await?;
        if !user.is_some_and(|user| user.has_second_factor()) {
            return Err(UseCaseError::new(
                ErrorCode::SecondFactorRequired,
                "recovery codes stand in for a second factor; set one up first",
            ));
        }
        let (codes, hashes): (Vec<_>, Vec<_>) = codes.into_iter().unzip();
        people
            .replace_recovery_codes(person.user.id, &hashes)
            .await?;
        let (id, target) = (new_id(&*accounts.ids), person.user.id.to_string());
        let event = AuditEvent::by_person(id, person, "recovery_codes.renew", target);
        accounts.commit_with(transaction, &event).await?;
        Ok(codes)
    }
}
