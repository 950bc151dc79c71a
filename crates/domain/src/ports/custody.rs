//! Keeping secrets: sealing them for storage, and hashing tokens and passwords. Called by use cases
//! only.

use crate::audit::AuditSeal;
use crate::people::{PasswordHash, TokenHash};
use crate::sealed::{KeyOwner, SealedSecret, WrappedKey};
use crate::secret::SecretText;
use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

/// The one place a sealed secret belongs to. It cannot be opened anywhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealContext {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The row.
    pub row: Uuid,
    /// Whose key it is sealed under.
    pub owner: KeyOwner,
}

/// A secret that could not be sealed or opened. One text for every cause: an attacker learns nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the secret cannot be sealed or opened")]
pub struct VaultError;

/// Envelope encryption: record key under the owner's key under a master key of the ring.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait SecretVault: Send + Sync {
    /// A new key, wrapped under the active master key and bound to its owner.
    fn new_key(&self, owner: KeyOwner) -> Result<WrappedKey, VaultError>;
    /// Seals a secret for one place.
    fn seal(
        &self,
        key: &WrappedKey,
        context: &SealContext,
        secret: &SecretText,
    ) -> Result<SealedSecret, VaultError>;
    /// Opens a sealed secret at its place.
    fn open(
        &self,
        key: &WrappedKey,
        context: &SealContext,
        sealed: &SealedSecret,
    ) -> Result<SecretText, VaultError>;
    /// The same key wrapped under the active master key; `None` when it is already.
    fn rewrap(&self, key: &WrappedKey, owner: KeyOwner) -> Result<Option<WrappedKey>, VaultError>;
    /// The id of the master key that new keys are wrapped under; no secret.
    fn active_master_key_id(&self) -> String;
}

/// What a token is for. Its text form begins with `wdl_<kind>_`, so that one kind can never pass for
/// another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// An API token of a team.
    Api,
    /// The cookie of a browser session.
    Session,
    /// A link that proves an e-mail address.
    Verification,
    /// A link that resets a password.
    PasswordReset,
    /// A link that invites into a team.
    Invitation,
    /// The second step of deleting a team.
    Deletion,
}

impl TokenKind {
    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self::Api,
        Self::Session,
        Self::Verification,
        Self::PasswordReset,
        Self::Invitation,
        Self::Deletion,
    ];

    /// The word in the token.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Session => "session",
            Self::Verification => "verify",
            Self::PasswordReset => "reset",
            Self::Invitation => "invite",
            Self::Deletion => "delete",
        }
    }
}

/// Makes and hashes tokens `wdl_<kind>_<random>_<crc>` and recovery codes, and fingerprints requests.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait TokenHasher: Send + Sync {
    /// A new token of 256 random bits, and its stored form.
    fn new_token(&self, kind: TokenKind) -> Result<(SecretText, TokenHash), VaultError>;
    /// The stored forms the token may have, one per pepper, the active one first; empty when the text
    /// is not a well-formed token of the kind (its checksum included).
    fn hashes_of(&self, kind: TokenKind, token: &SecretText) -> Vec<TokenHash>;
    /// A new secret that messages to a webhook are signed with: `whsec_` and 32 random bytes in base64.
    fn new_webhook_secret(&self) -> Result<SecretText, VaultError>;
    /// New recovery codes, each of at least 80 random bits in groups that people can type, and their
    /// stored forms.
    fn new_recovery_codes(&self, count: usize) -> Result<Vec<(SecretText, TokenHash)>, VaultError>;
    /// The stored forms a recovery code may have; case, spaces and hyphens do not matter. Empty when
    /// the text is not a code.
    fn hashes_of_recovery_code(&self, code: &SecretText) -> Vec<TokenHash>;
    /// The CSRF token that belongs to a session's token: the same each time, worth nothing without it.
    fn csrf_token(&self, session: &SecretText) -> SecretText;
    /// Whether it is the CSRF token of the session, compared in constant time.
    fn is_csrf_token(&self, session: &SecretText, presented: &SecretText) -> bool;
    /// A keyed hash of a request, for telling a repeated request from another one.
    fn fingerprint(&self, request: &[u8]) -> Vec<u8>;
}

/// Why a password was not hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordHashError {
    /// Too many are waiting; nothing was done.
    #[error("too many passwords wait to be hashed")]
    Busy,
    /// The hash cannot be made or read.
    #[error("the password cannot be hashed")]
    Failed,
}

/// Whether a password is the right one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordVerdict {
    /// It is. `is_outdated` asks to store it anew: the costs have been raised since.
    Right {
        /// Whether the stored form has lower costs than new ones.
        is_outdated: bool,
    },
    /// It is not.
    Wrong,
}

/// Hashes passwords with argon2id, at most two at a time whoever asks: a hash that was begun goes on
/// and keeps its place although nobody waits for it any more.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// The stored form of a new password.
    async fn hash(&self, password: SecretText) -> Result<PasswordHash, PasswordHashError>;
    /// Whether it is the password of the stored form. Without one it takes the same time and is wrong:
    /// nobody learns from the time whether an account exists.
    async fn verify(
        &self,
        password: SecretText,
        stored: Option<PasswordHash>,
    ) -> Result<PasswordVerdict, PasswordHashError>;
    /// Why the password is too easy to guess, in a sentence; `None` when it is not. `known` are words
    /// that an attacker would try first: name and address.
    fn weakness(&self, password: &SecretText, known: &[String]) -> Option<String>;
}

/// Time-based one-time passwords: RFC 6238 with SHA-1, 30 s, six digits, as all authenticator apps
/// have them.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait OneTimePasswords: Send + Sync {
    /// A new shared secret of 160 random bits, in base32.
    fn new_secret(&self) -> Result<SecretText, VaultError>;
    /// The time step that the code belongs to, when it is right for `now` or one step beside it and
    /// later than `after_step`: a code is good once.
    fn matching_step(
        &self,
        secret: &SecretText,
        code: &str,
        now: Timestamp,
        after_step: i64,
    ) -> Option<i64>;
    /// The `otpauth://` address that an app reads, with the secret in it.
    fn enrolment_uri(&self, secret: &SecretText, account: &str) -> SecretText;
}

/// Seals lines of the audit trail into a chain. Called by the store at the commit, because the number
/// of a line and the line before it are known only then.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait AuditSealer: Send + Sync {
    /// The keyed hash over the seal of the line before (empty for the first) and this line's bytes.
    fn seal(&self, previous: &[u8], line: &[u8]) -> AuditSeal;
    /// Whether the seal is right; false also for a key that is not in the ring.
    fn is_right(&self, previous: &[u8], line: &[u8], seal: &AuditSeal) -> bool;
}
