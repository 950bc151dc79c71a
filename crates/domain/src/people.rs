//! People: who signs in, with what, and for how long.

mod new_password;
mod one_time_code;
#[cfg(test)]
mod tests;

pub use new_password::NewPassword;
pub use one_time_code::OneTimeCode;

use crate::ids::{EmailLinkId, UserId, UserSessionId};
use crate::names::{EmailAddress, PersonName};
use crate::sealed::SealedSecret;
use jiff::Timestamp;
use std::fmt;
use std::time::Duration;

/// The stored form of a token: a keyed hash, never the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenHash {
    /// Which pepper of the ring was used.
    pub pepper_id: String,
    /// The keyed hash.
    pub mac: Vec<u8>,
}

/// The stored form of a password: a PHC string with its salt and costs. Not for any log.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub String);

impl fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PasswordHash")
    }
}

/// Whether a person may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserState {
    /// The address was never proved to be theirs.
    Unverified,
    /// May sign in.
    Active,
    /// Shut out by those who run the service.
    Disabled,
}

impl UserState {
    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unverified => "unverified",
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }

    /// Reads the stable text form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Unverified, Self::Active, Self::Disabled]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// A time-based second factor (RFC 6238, 30 s, six digits).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// The shared secret, sealed under the person's key.
    pub sealed_secret: SealedSecret,
    /// When a first code proved that the person has it; until then it counts for nothing.
    pub confirmed_at: Option<Timestamp>,
    /// The time step of the last code that was taken: no code is taken twice.
    pub last_step: i64,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The person.
    pub id: UserId,
    /// Their address, unique.
    pub email: EmailAddress,
    /// Their name.
    pub name: PersonName,
    /// The stored form of their password.
    pub password: PasswordHash,
    /// Whether they may sign in.
    pub state: UserState,
    /// Whether they run the service.
    pub is_operator: bool,
    /// The second factor, being set up or confirmed.
    pub second_factor: Option<SecondFactor>,
    /// When they registered.
    pub created_at: Timestamp,
    /// Counts changes of the row.
    pub version: i64,
}

impl User {
    /// Whether credentials of this person are good.
    pub fn may_sign_in(&self) -> bool {
        self.state == UserState::Active
    }

    /// Whether a second factor was confirmed.
    pub fn has_second_factor(&self) -> bool {
        self.second_factor
            .as_ref()
            .is_some_and(|factor| factor.confirmed_at.is_some())
    }
}

/// A browser session of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserSession {
    /// The session.
    pub id: UserSessionId,
    /// The person.
    pub user_id: UserId,
    /// The stored form of its token; another one after each rotation.
    pub hash: TokenHash,
    /// When the person signed in.
    pub created_at: Timestamp,
    /// When the person last proved who they are: at sign-in and at each step-up.
    pub authenticated_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Timestamp,
    /// From when on it is refused, however much it is used.
    pub expires_at: Timestamp,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
    /// The address it began from.
    pub client_address: Option<String>,
    /// The browser it began with.
    pub user_agent: Option<String>,
}

impl UserSession {
    /// Whether it may still be used, when an unused one ends after `idle`.
    pub fn is_live(&self, now: Timestamp, idle: Duration) -> bool {
        self.ended_at.is_none()
            && now < self.expires_at
            && now.duration_since(self.last_used_at).unsigned_abs() < idle
    }
}

/// What a link in a mail is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EmailLinkPurpose {
    /// Proves that the address belongs to the person.
    Verification,
    /// Lets the person choose a new password.
    PasswordReset,
}

impl EmailLinkPurpose {
    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Verification => "verification",
            Self::PasswordReset => "password_reset",
        }
    }

    /// Reads the stable text form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Verification, Self::PasswordReset]
            .into_iter()
            .find(|purpose| purpose.as_str() == text)
    }
}

/// A link that was sent to a person's address; good once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailLink {
    /// The link.
    pub id: EmailLinkId,
    /// The person.
    pub user_id: UserId,
    /// What for.
    pub purpose: EmailLinkPurpose,
    /// The stored form of its token.
    pub hash: TokenHash,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is refused.
    pub expires_at: Timestamp,
}
