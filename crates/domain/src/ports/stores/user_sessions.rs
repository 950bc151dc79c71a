//! Browser sessions of people.

use crate::ids::{UserId, UserSessionId};
use crate::people::{TokenHash, UserSession};
use crate::ports::StoreError;
use async_trait::async_trait;
use jiff::Timestamp;

/// Browser sessions.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait UserSessionStore: Send {
    /// Adds a session.
    async fn insert_user_session(&mut self, session: &UserSession) -> Result<(), StoreError>;
    /// Gives a living session another token and the time of a new proof of who the person is; `false`
    /// when it has ended.
    async fn rotate_user_session(
        &mut self,
        session: UserSessionId,
        hash: &TokenHash,
        authenticated_at: Timestamp,
    ) -> Result<bool, StoreError>;
    /// Notes the use of a session.
    async fn note_user_session_use(
        &mut self,
        session: UserSessionId,
        at: Timestamp,
    ) -> Result<(), StoreError>;
    /// Ends a living session of the person; `false` when there is none.
    async fn end_user_session(
        &mut self,
        user: UserId,
        session: UserSessionId,
        at: Timestamp,
    ) -> Result<bool, StoreError>;
    /// Ends all living sessions of the person but one, and says how many.
    async fn end_user_sessions(
        &mut self,
        user: UserId,
        but: Option<UserSessionId>,
        at: Timestamp,
    ) -> Result<u64, StoreError>;
}
