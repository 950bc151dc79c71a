//! Sessions of the platform: who signs in, and how a refused session is renewed once for everybody.

use crate::names::PlatformName;
use crate::platform_account::{
    DeletionConfirmation, PlatformAccountRef, PlatformCredential, PlatformUid,
};
use crate::secret::SecretText;
use async_trait::async_trait;
use jiff::Timestamp;

/// A session key in clear, for the one call that needs it.
#[derive(Clone)]
pub struct PlatformSession {
    /// What the platform takes as proof.
    pub key: SecretText,
    /// Which renewal it is; told back when the platform refuses it.
    pub generation: i64,
}

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The platform refused the credential, or wants a second factor. Only the owner can help; it
    /// is not tried again with this credential.
    #[error("the platform refused the stored credential")]
    NeedsReauthentication,
    /// The account was disconnected or its credential replaced.
    #[error("the platform account has changed")]
    AccountChanged,
    /// No session just now: platform, store or vault do not answer. Try again later.
    #[error("no platform session is available just now")]
    Unavailable(#[source] super::BoxedSource),
}

/// Gives sessions to the platform client.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PlatformSessions: Send + Sync {
    /// The session in force; signs in when there is none.
    async fn current(&self, account: &PlatformAccountRef) -> Result<PlatformSession, SessionError>;
    /// A session newer than the refused one. However many ask, in however many processes, one of
    /// them signs in. An access token is never renewed: refused once, the account needs its owner.
    async fn renew(
        &self,
        account: &PlatformAccountRef,
        refused_generation: i64,
    ) -> Result<PlatformSession, SessionError>;
}

/// What the platform said to a credential.
#[derive(Clone)]
pub struct SignedIn {
    /// The session key; for an access token the token itself.
    pub session_key: SecretText,
    /// The account's number on the platform.
    pub uid: PlatformUid,
}

/// Why signing in did not work.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Wrong pair, blocked user, unknown or expired token.
    #[error("the platform refused the credential (result {result})")]
    Refused {
        /// The platform's result code.
        result: i64,
    },
    /// The account wants a second factor; a personal access token does not.
    #[error("the platform account wants a second factor")]
    SecondFactor,
    /// There is no such configured platform.
    #[error("no platform of that name is configured")]
    UnknownPlatform,
    /// No usable answer.
    #[error("the platform does not answer")]
    Unavailable(#[source] super::BoxedSource),
}

/// A personal access token, as it is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessTokenSpec {
    /// What the account's owner sees in the platform's list of tokens.
    pub description: String,
    /// The platform's methods that it may call, such as `environment.control.GetEnvs`.
    pub methods: Vec<String>,
    /// When it ends; the platform's default when absent.
    pub expires_at: Option<Timestamp>,
}

/// Signing in and finding out what an account can do. Needs no session of ours.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PlatformSignIn: Send + Sync {
    /// Presents the credential. Not idempotent for passwords: every success is a new session.
    async fn sign_in(
        &self,
        platform: &PlatformName,
        credential: &PlatformCredential,
    ) -> Result<SignedIn, SignInError>;
    /// How the account's deletions are confirmed, and whether the session may delete at all. Changes
    /// nothing. `has_password` says whether a password of the account is in custody.
    async fn deletion_confirmation(
        &self,
        platform: &PlatformName,
        session_key: &SecretText,
        has_password: bool,
    ) -> Result<DeletionConfirmation, SignInError>;
    /// Ends a session of a password; it is refused from then on. A second call finds none, which is
    /// success too. An access token is not ended by it.
    async fn sign_out(
        &self,
        platform: &PlatformName,
        session_key: &SecretText,
    ) -> Result<(), SignInError>;
    /// Makes a personal access token that may call these methods of the platform only. Not
    /// idempotent: every success is a new token, told this once.
    async fn create_access_token(
        &self,
        platform: &PlatformName,
        session_key: &SecretText,
        wanted: &AccessTokenSpec,
    ) -> Result<SecretText, SignInError>;
}
