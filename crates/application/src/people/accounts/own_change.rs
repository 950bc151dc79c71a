//! Changes that people make to their own accounts. Their session gets another token with each: whoever
//! has copied the old one is out. That also tests, under a lock, that the session has not been ended
//! meanwhile; the rights cannot be locked shared here, because their rows are what changes.

use super::Accounts;
use crate::UseCaseError;
use crate::authorisation::refused;
use domain::SecretText;
use domain::access::{Person, RefusedAccess, RequestOrigin};
use domain::error_code::ErrorCode;
use domain::ids::{UserId, UserSessionId};
use domain::limits;
use domain::people::{User, UserSession};
use domain::ports::{Clock, TokenKind, Transaction, new_id};
use jiff::Timestamp;

/// A session with its token, which is told this once.
#[derive(Clone)]
pub struct IssuedSession {
    /// The session.
    pub id: UserSessionId,
    /// The token of its cookie.
    pub token: SecretText,
    /// What comes with everything that changes something.
    pub csrf_token: SecretText,
    /// When the person last proved who they are.
    pub authenticated_at: Timestamp,
    /// From when on it is refused.
    pub expires_at: Timestamp,
}

/// An open transaction in which a person changes their own account.
pub(in crate::people) struct OwnChange {
    pub(in crate::people) transaction: Box<dyn Transaction>,
    /// The person as stored now.
    pub(in crate::people) user: User,
    /// The session under its next token.
    pub(in crate::people) session: IssuedSession,
}

impl Accounts {
    /// Begins a change of the person's own account. The session is written before the person: requests
    /// that hold rights lock them in this order, too.
    pub(in crate::people) async fn begin_own_change(
        &self,
        person: &Person,
        authenticated_at: Timestamp,
    ) -> Result<OwnChange, UseCaseError> {
        let over = || refused(RefusedAccess::Unauthenticated);
        let (token, hash) = self.token_hasher.new_token(TokenKind::Session)?;
        let mut transaction = self.begin().await?;
        let is_rotated = transaction
            .user_sessions()
            .rotate_user_session(person.session.id, &hash, authenticated_at)
            .await?;
        if !is_rotated {
            return Err(over());
        }
        let user = transaction.people().find_user(person.user.id).await?;
        let user = user.filter(User::may_sign_in).ok_or_else(over)?;
        let session = IssuedSession {
            id: person.session.id,
            csrf_token: self.token_hasher.csrf_token(&token),
            token,
            authenticated_at,
            expires_at: person.session.expires_at,
        };
        Ok(OwnChange {
            transaction,
            user,
            session,
        })
    }

    /// A new session of a person who has just proved who they are; not stored yet.
    pub(in crate::people) fn new_session(
        &self,
        user_id: UserId,
        origin: &RequestOrigin,
    ) -> Result<(UserSession, IssuedSession), UseCaseError> {
        let (token, hash) = self.token_hasher.new_token(TokenKind::Session)?;
        let now = self.clock.now();
        let session = UserSession {
            id: new_id(&*self.ids),
            user_id,
            hash,
            created_at: now,
            authenticated_at: now,
            last_used_at: now,
            expires_at: now + limits::SESSION_LIFETIME,
            ended_at: None,
            client_address: origin.client_address.clone(),
            user_agent: origin.user_agent.clone(),
        };
        let issued = IssuedSession {
            id: session.id,
            csrf_token: self.token_hasher.csrf_token(&token),
            token,
            authenticated_at: now,
            expires_at: session.expires_at,
        };
        Ok((session, issued))
    }
}

/// Passes when the person proved who they are a moment ago.
pub(in crate::people) fn step_up_within_window(
    person: &Person,
    clock: &dyn Clock,
) -> Result<(), UseCaseError> {
    if person.has_authenticated_within(limits::STEP_UP_WINDOW, clock.now()) {
        Ok(())
    } else {
        Err(UseCaseError::new(
            ErrorCode::StepUpRequired,
            "prove who you are again at `/v1/browser-sessions/current/actions/step-up`, then repeat \
             this within five minutes",
        ))
    }
}
