//! Signing in.

use super::ResendVerification;
use super::accounts::{Accounts, FactorVerdict, IssuedSession, PresentedFactor, sign_in_refused};
use crate::UseCaseError;
use domain::SecretText;
use domain::access::{Principal, RequestOrigin};
use domain::audit::{AuditEvent, AuditOutcome};
use domain::error_code::ErrorCode;
use domain::ids::UserId;
use domain::names::EmailAddress;
use domain::people::{PasswordHash, User, UserState};
use domain::ports::{MailMessage, PasswordVerdict, Transaction, new_id};

#[cfg(test)]
mod tests;

/// Stands in the trail for an address that nobody has: the address itself is not written down.
const UNKNOWN: &str = "unknown";

/// Who wants to sign in.
pub struct SignInCommand {
    /// Their address.
    pub email: EmailAddress,
    /// Their password.
    pub password: SecretText,
    /// Their second factor, when they have one.
    pub factor: Option<PresentedFactor>,
}

/// Signs people in.
#[derive(Clone)]
pub struct SignIn {
    /// What use cases about people share.
    pub accounts: Accounts,
    /// Mails the link again to who has not opened it yet.
    pub resend: ResendVerification,
}

impl SignIn {
    /// Begins a session. The attempt is counted before anything is looked at; an unknown address takes
    /// the same way and the same time as a known one, and one refusal stands for an unknown address, a
    /// wrong password and a disabled account. Refusals are in the trail of the system, but for those of
    /// who has had too many attempts.
    #[tracing::instrument(name = "usecase.people.sign_in", skip_all)]
    pub async fn run(
        &self,
        command: SignInCommand,
        origin: &RequestOrigin,
    ) -> Result<(User, IssuedSession), UseCaseError> {
        let known = self.accounts.admit(&command.email, origin).await?;
        let verdict = self.accounts.verify(&command.password, known.as_ref());
        let verdict = verdict.await?;
        let (user, is_outdated) = match (known, verdict) {
            (Some(user), PasswordVerdict::Right { is_outdated }) => (user, is_outdated),
            (known, _) => return Err(self.refused(known.map(|user| user.id), origin).await),
        };
        if user.state == UserState::Unverified {
            return Err(self.unverified(user, origin).await);
        }
        let renewed = if is_outdated {
            Some(self.accounts.hash(&command.password).await?)
        } else {
            None
        };
        self.begin(user, command.factor.as_ref(), renewed, origin)
            .await
    }

    async fn begin(
        &self,
        verified: User,
        factor: Option<&PresentedFactor>,
        renewed: Option<PasswordHash>,
        origin: &RequestOrigin,
    ) -> Result<(User, IssuedSession), UseCaseError> {
        let accounts = &self.accounts;
        let mut transaction = accounts.begin().await?;
        let user = transaction.people().find_user(verified.id).await?;
        // What was verified must still hold: hashing takes a while.
        let user = user.filter(|user| user.may_sign_in() && user.password == verified.password);
        let Some(mut user) = user else {
            let event = self.event(origin, verified.id.to_string());
            return Err(accounts.refuse(transaction, event, sign_in_refused()).await);
        };
        let verdict = accounts.check_factor(&mut *transaction, &mut user, factor);
        let verdict = verdict.await?;
        if let Some(refusal) = verdict.refusal() {
            let event = self.event(origin, user.id.to_string());
            return Err(accounts.refuse(transaction, event, refusal).await);
        }
        let is_renewed = renewed.is_some();
        user.password = renewed.unwrap_or(user.password);
        if is_renewed || verdict == FactorVerdict::Code {
            transaction.people().update_user(&user).await?;
        }
        let issued = self.store_session(transaction, &user, origin).await?;
        if verdict == FactorVerdict::RecoveryCode {
            accounts.mail(user.email.clone(), MailMessage::RecoveryCodeUsed);
        }
        Ok((user, issued))
    }

    async fn store_session(
        &self,
        mut transaction: Box<dyn Transaction>,
        user: &User,
        origin: &RequestOrigin,
    ) -> Result<IssuedSession, UseCaseError> {
        let accounts = &self.accounts;
        let (session, issued) = accounts.new_session(user.id, origin)?;
        let sessions = transaction.user_sessions();
        sessions.insert_user_session(&session).await?;
        accounts
            .forget_attempts(&mut *transaction, &user.email)
            .await?;
        let event = AuditEvent {
            principal: Principal::User(user.id),
            credential: Some(session.id.to_string()),
            ..self.event(origin, user.id.to_string())
        };
        accounts.commit_with(transaction, &event).await?;
        Ok(issued)
    }

    /// The one refusal, written down.
    async fn refused(&self, known: Option<UserId>, origin: &RequestOrigin) -> UseCaseError {
        let target = known.map_or_else(|| UNKNOWN.to_owned(), |id| id.to_string());
        let event = self.event(origin, target);
        match self.accounts.begin().await {
            Ok(transaction) => {
                let refusal = sign_in_refused();
                self.accounts.refuse(transaction, event, refusal).await
            }
            Err(error) => error,
        }
    }

    /// Who knows the password may know that the address is not proved yet.
    async fn unverified(&self, user: User, origin: &RequestOrigin) -> UseCaseError {
        let refusal = UseCaseError::new(
            ErrorCode::EmailNotVerified,
            "open the link in the mail that we have just sent once more, then sign in",
        );
        let outcome = self.note_and_mail(user, refusal.code(), origin).await;
        outcome.err().unwrap_or(refusal)
    }

    async fn note_and_mail(
        &self,
        user: User,
        code: ErrorCode,
        origin: &RequestOrigin,
    ) -> Result<(), UseCaseError> {
        let mut transaction = self.accounts.begin().await?;
        let event = AuditEvent {
            outcome: AuditOutcome::Refused,
            ..self
                .event(origin, user.id.to_string())
                .with_detail(code.as_str())
        };
        transaction.audit().append_audit_event(&event).await?;
        let email = user.email.clone();
        let resend = &self.resend;
        resend
            .mail_link(transaction, &email, Some(user), origin)
            .await
    }

    fn event(&self, origin: &RequestOrigin, target: String) -> AuditEvent {
        AuditEvent::at(new_id(&*self.accounts.ids), origin, "session.begin", target)
    }
}
