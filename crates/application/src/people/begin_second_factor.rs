//! Setting up a second factor: the secret for the app.

use super::accounts::{Accounts, IssuedSession, OwnChange, step_up_within_window};
use crate::UseCaseError;
use domain::SecretText;
use domain::access::Person;
use domain::audit::AuditEvent;
use domain::error_code::ErrorCode;
use domain::people::SecondFactor;
use domain::ports::{VaultError, new_id};

#[cfg(test)]
mod tests;

/// What the app needs; told this once.
pub struct SecondFactorEnrolment {
    /// The shared secret, in base32, for typing it in.
    pub secret: SecretText,
    /// The same as an address that apps read.
    pub uri: SecretText,
    /// The session under its next token.
    pub session: IssuedSession,
}

/// Begins to set up second factors.
#[derive(Clone)]
pub struct BeginSecondFactor {
    /// What use cases about people share.
    pub accounts: Accounts,
}

impl BeginSecondFactor {
    /// Needs a fresh proof of who the person is. The factor counts for nothing until a first code
    /// confirms it; beginning again replaces what was not confirmed. `limit-reached` when there is a
    /// confirmed one.
    #[tracing::instrument(name = "usecase.people.begin_second_factor", skip_all)]
    pub async fn run(&self, person: &Person) -> Result<SecondFactorEnrolment, UseCaseError> {
        let accounts = &self.accounts;
        step_up_within_window(person, &*accounts.clock)?;
        let secret = accounts.one_time_passwords.new_secret()?;
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
                "a second factor is set up; remove it before setting up another one",
            ));
        }
        let people = transaction.people();
        let key = people.find_user_key(user.id).await?.ok_or(VaultError)?;
        user.second_factor = Some(SecondFactor {
            sealed_secret: accounts
                .custody
                .seal_second_factor(&key, user.id, &secret)?,
            confirmed_at: None,
            last_step: 0,
        });
        people.update_user(&user).await?;
        let (id, target) = (new_id(&*accounts.ids), user.id.to_string());
        let event = AuditEvent::by_person(id, person, "second_factor.begin", target);
        accounts.commit_with(transaction, &event).await?;
        let codes = &accounts.one_time_passwords;
        Ok(SecondFactorEnrolment {
            uri: codes.enrolment_uri(&secret, user.email.as_str()),
            secret,
            session,
        })
    }
}
