//! Proving once more who one is, before something risky.

use super::accounts::{
    Accounts, FactorVerdict, IssuedSession, OwnChange, PresentedFactor, sign_in_refused,
};
use crate::UseCaseError;
use domain::SecretText;
use domain::access::Person;
use domain::audit::AuditEvent;
use domain::ports::{MailMessage, PasswordVerdict, new_id};

#[cfg(test)]
mod tests;

/// The proof.
pub struct StepUpCommand {
    /// The person's password.
    pub password: SecretText,
    /// Their second factor, when they have one.
    pub factor: Option<PresentedFactor>,
}

/// Takes a new proof of who somebody is.
#[derive(Clone)]
pub struct StepUp {
    /// What use cases about people share.
    pub accounts: Accounts,
}

impl StepUp {
    /// From now on, for a while, the session may be used for what is risky; it gets another token.
    /// Attempts are counted as those of signing in: a stolen session is no way to guess a password.
    #[tracing::instrument(name = "usecase.people.step_up", skip_all)]
    pub async fn run(
        &self,
        person: &Person,
        command: StepUpCommand,
    ) -> Result<IssuedSession, UseCaseError> {
        let accounts = &self.accounts;
        let (email, origin) = (&person.user.email, &person.origin);
        let known = accounts.admit(email, origin).await?;
        let known = known.filter(|known| known.id == person.user.id);
        let verdict = accounts.verify(&command.password, known.as_ref()).await?;
        let event = || self.event(person);
        let (Some(known), PasswordVerdict::Right { .. }) = (known, verdict) else {
            let transaction = accounts.begin().await?;
            let refusal = sign_in_refused();
            return Err(accounts.refuse(transaction, event(), refusal).await);
        };
        let change = accounts.begin_own_change(person, accounts.clock.now());
        let OwnChange {
            mut transaction,
            mut user,
            session,
        } = change.await?;
        if user.password != known.password {
            return Err(sign_in_refused());
        }
        let factor = command.factor.as_ref();
        let verdict = accounts.check_factor(&mut *transaction, &mut user, factor);
        let verdict = verdict.await?;
        if let Some(refusal) = verdict.refusal() {
            // The session keeps its token: what was changed so far is dropped.
            drop(transaction);
            let transaction = accounts.begin().await?;
            return Err(accounts.refuse(transaction, event(), refusal).await);
        }
        if verdict == FactorVerdict::Code {
            transaction.people().update_user(&user).await?;
        }
        accounts.forget_attempts(&mut *transaction, email).await?;
        accounts.commit_with(transaction, &event()).await?;
        if verdict == FactorVerdict::RecoveryCode {
            accounts.mail(user.email, MailMessage::RecoveryCodeUsed);
        }
        Ok(session)
    }

    fn event(&self, person: &Person) -> AuditEvent {
        let (id, target) = (new_id(&*self.accounts.ids), person.session.id.to_string());
        AuditEvent::by_person(id, person, "session.step_up", target)
    }
}
