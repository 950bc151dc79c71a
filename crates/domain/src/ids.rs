//! Every identifier of ours: UUIDv7 inside, printed with a prefix that says what it names.
//!
//! The text form is `<prefix>_` and 26 characters of lower-case Crockford base32, so a pasted id
//! tells its kind and ids of one kind sort by creation time. New ids come from
//! [`crate::ports::IdSource`] only.

use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

#[cfg(test)]
mod tests;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const ENCODED_LENGTH: usize = 26;

/// Why a text is not an identifier of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdParseError {
    /// The text does not start with the kind's prefix and an underscore.
    #[error("identifier must start with `{expected}_`")]
    WrongPrefix {
        /// The prefix of the wanted kind.
        expected: &'static str,
    },
    /// What follows the prefix is not 26 characters of lower-case Crockford base32.
    #[error("identifier must be `{expected}_` and 26 characters of lower-case base32")]
    WrongBody {
        /// The prefix of the wanted kind.
        expected: &'static str,
    },
}

/// What all identifiers share, so that stores and sources can be written once.
pub trait EntityId: Copy + Eq + Send + Sync + fmt::Debug + fmt::Display + 'static {
    /// The text before the underscore.
    const PREFIX: &'static str;
    /// Wraps a UUID that was stored or freshly made.
    fn from_uuid(uuid: Uuid) -> Self;
    /// The UUID inside, for storage.
    fn as_uuid(&self) -> Uuid;
}

fn encode(uuid: Uuid) -> [u8; ENCODED_LENGTH] {
    let mut value = uuid.as_u128();
    let mut text = [b'0'; ENCODED_LENGTH];
    for slot in text.iter_mut().rev() {
        *slot = ALPHABET[(value & 31) as usize];
        value >>= 5;
    }
    text
}

fn decode(text: &str) -> Option<Uuid> {
    if text.len() != ENCODED_LENGTH {
        return None;
    }
    let mut value: u128 = 0;
    for (index, byte) in text.bytes().enumerate() {
        let digit = ALPHABET.iter().position(|candidate| *candidate == byte)? as u128;
        // 26 digits hold 130 bits: the first digit may only use three of its five.
        if index == 0 && digit > 7 {
            return None;
        }
        value = (value << 5) | digit;
    }
    Some(Uuid::from_u128(value))
}

macro_rules! entity_ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
            pub struct $name(Uuid);

            impl EntityId for $name {
                const PREFIX: &'static str = $prefix;
                fn from_uuid(uuid: Uuid) -> Self {
                    Self(uuid)
                }
                fn as_uuid(&self) -> Uuid {
                    self.0
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                    let body = encode(self.0);
                    formatter.write_str($prefix)?;
                    formatter.write_str("_")?;
                    formatter.write_str(std::str::from_utf8(&body).expect("the alphabet is ASCII"))
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                    fmt::Display::fmt(self, formatter)
                }
            }

            impl FromStr for $name {
                type Err = IdParseError;
                fn from_str(text: &str) -> Result<Self, IdParseError> {
                    let body = text
                        .strip_prefix($prefix)
                        .and_then(|rest| rest.strip_prefix('_'))
                        .ok_or(IdParseError::WrongPrefix { expected: $prefix })?;
                    decode(body).map(Self).ok_or(IdParseError::WrongBody { expected: $prefix })
                }
            }
        )*
    };
}

entity_ids! {
    /// A team: the tenant that owns everything else.
    TeamId = "team";
    /// A team's account on a platform.
    PlatformAccountId = "acct";
    /// An environment.
    EnvironmentId = "env";
    /// A node of an environment.
    NodeId = "node";
    /// A package or an add-on installed in an environment.
    InstallationId = "inst";
    /// A job.
    JobId = "job";
    /// One attempt to carry out one step of a job; it also correlates with the platform's tracking.
    StepAttemptId = "att";
    /// An API token.
    ApiTokenId = "tok";
    /// A person.
    UserId = "user";
    /// A browser session of a person.
    UserSessionId = "sess";
    /// A link that was sent to an e-mail address.
    EmailLinkId = "link";
    /// A role of a team.
    RoleId = "role";
    /// An invitation into a team.
    InvitationId = "inv";
    /// An audit event.
    AuditEventId = "aud";
    /// Something that a look at the platform found.
    FindingId = "find";
    /// A webhook of a team.
    WebhookId = "hook";
    /// One message on its way to a webhook, with all attempts.
    WebhookDeliveryId = "dlv";
    /// One HTTP request.
    RequestId = "req";
    /// One running process; new at every start.
    ProcessId = "proc";
}

impl EnvironmentId {
    /// The last `length` characters of the text form: random, so fit for a short domain.
    pub fn random_suffix(&self, length: usize) -> String {
        let body = encode(self.0);
        let tail = &body[ENCODED_LENGTH - length.min(ENCODED_LENGTH)..];
        tail.iter().map(|byte| char::from(*byte)).collect()
    }
}

/// An event of a team: nothing but team and number, so it needs no column of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TeamEventId {
    /// The team.
    pub team_id: TeamId,
    /// Its number in the team.
    pub sequence: i64,
}

impl fmt::Display for TeamEventId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = encode(self.team_id.0);
        let body = std::str::from_utf8(&body).expect("the alphabet is ASCII");
        write!(formatter, "evt_{body}_{}", self.sequence)
    }
}
