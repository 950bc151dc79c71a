//! A team's account on a platform: the credential in custody and what it is known to be able to do.

use crate::ids::{PlatformAccountId, TeamId};
use crate::names::{PlatformLogin, PlatformName};
use crate::sealed::SealedSecret;
use crate::secret::SecretText;
use jiff::Timestamp;

/// What the platform takes as proof of identity. It exists in clear only while it is used.
#[derive(Clone)]
pub enum PlatformCredential {
    /// Login and password; sessions are issued from it and renewed when they end.
    Password {
        /// The login.
        login: PlatformLogin,
        /// The password.
        password: SecretText,
    },
    /// A personal access token; used as it is and never renewed.
    AccessToken {
        /// The token.
        token: SecretText,
    },
}

impl PlatformCredential {
    /// Which kind it is, without its content.
    pub fn kind(&self) -> CredentialKind {
        match self {
            Self::Password { .. } => CredentialKind::Password,
            Self::AccessToken { .. } => CredentialKind::AccessToken,
        }
    }
}

/// The kind of a credential in custody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialKind {
    /// Login and password.
    Password,
    /// Personal access token.
    AccessToken,
}

/// Whether the account can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlatformAccountState {
    /// The credential worked when it was last used.
    Connected,
    /// The platform refused the credential; only the owner can help. It is not tried again.
    NeedsReauthentication,
    /// The owner took the credential back: it is destroyed. What was built through the account keeps
    /// pointing to it.
    Disconnected,
}

/// How the platform wants a deletion confirmed, and whether we can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeletionConfirmation {
    /// Nothing is asked for.
    NotNeeded,
    /// The environment's name.
    EnvironmentName,
    /// The account's password, which is in custody.
    AccountPassword,
    /// The account cannot delete: its token lacks the method, or a password is wanted that is not in
    /// custody. Nothing may be created that could not be undone.
    Unavailable,
}

macro_rules! text_forms {
    ($($type:ident { $($variant:ident = $text:literal,)* })*) => {
        $(impl $type {
            /// The stable text form.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// Reads the stable text form.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)* _ => None }
            }
        })*
    };
}

text_forms! {
    CredentialKind { Password = "password", AccessToken = "access_token", }
    PlatformAccountState { Connected = "connected", NeedsReauthentication = "needs_reauthentication", Disconnected = "disconnected", }
    DeletionConfirmation {
        NotNeeded = "not_needed",
        EnvironmentName = "environment_name",
        AccountPassword = "account_password",
        Unavailable = "unavailable",
    }
}

/// The platform's number for an account. Never shown to a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PlatformUid(pub i64);

/// A team's account on a platform. At most one per team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformAccount {
    /// The account.
    pub id: PlatformAccountId,
    /// The team that owns it.
    pub team_id: TeamId,
    /// The configured platform.
    pub platform: PlatformName,
    /// The kind of credential in custody.
    pub credential_kind: CredentialKind,
    /// The credential in custody; empty when it was destroyed.
    pub sealed_credential: SealedSecret,
    /// A password that confirms deletions, when the credential itself cannot.
    pub sealed_confirmation: Option<SealedSecret>,
    /// Counts credentials: work begun under an older one proves nothing under a newer one.
    pub credential_version: i64,
    /// Whether the account can be used.
    pub state: PlatformAccountState,
    /// The platform's number for the account.
    pub platform_uid: PlatformUid,
    /// Since when it has that number. What was known before is another account's.
    pub uid_since: Timestamp,
    /// How deletions are confirmed.
    pub deletion: DeletionConfirmation,
    /// When the credential was last seen to work.
    pub checked_at: Timestamp,
    /// When the account was first connected.
    pub created_at: Timestamp,
    /// Counts changes of the row.
    pub version: i64,
}

impl PlatformAccount {
    /// Since when an account that has this number at that time has it.
    pub fn uid_since(&self, uid: PlatformUid, now: Timestamp) -> Timestamp {
        if self.platform_uid == uid {
            self.uid_since
        } else {
            now
        }
    }

    /// Whether what is created through this account can also be deleted again. Nothing can through one
    /// that is disconnected.
    pub fn can_delete(&self) -> bool {
        self.state != PlatformAccountState::Disconnected
            && self.deletion != DeletionConfirmation::Unavailable
    }

    /// The same account without its credential: it is destroyed for good when this is stored, and the
    /// session with it, because the credential has another version.
    #[must_use]
    pub fn disconnected(self) -> Self {
        Self {
            sealed_credential: SealedSecret(Vec::new()),
            sealed_confirmation: None,
            credential_version: self.credential_version + 1,
            state: PlatformAccountState::Disconnected,
            ..self
        }
    }

    /// What the platform client needs to know to act through this account.
    pub fn reference(&self) -> PlatformAccountRef {
        PlatformAccountRef {
            account_id: self.id,
            team_id: self.team_id,
            platform: self.platform.clone(),
            credential_version: self.credential_version,
            platform_uid: self.platform_uid,
        }
    }
}

/// Names an account to the platform client; carries no secret.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PlatformAccountRef {
    /// The account.
    pub account_id: PlatformAccountId,
    /// The team that owns it.
    pub team_id: TeamId,
    /// The configured platform.
    pub platform: PlatformName,
    /// The credential that was in force when this was read.
    pub credential_version: i64,
    /// The platform's number for the account.
    pub platform_uid: PlatformUid,
}

/// A session of the platform, as stored: sealed, with the generation that orders renewals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// The account.
    pub account_id: PlatformAccountId,
    /// The credential it was issued for.
    pub credential_version: i64,
    /// Rises by one with every renewal.
    pub generation: i64,
    /// The session key; absent until the first sign-in.
    pub sealed_key: Option<SealedSecret>,
}
