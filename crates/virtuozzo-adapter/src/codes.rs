//! What the platform's result codes mean: the one table behind decisions and documentation. Codes are
//! open integers; one without a row is classified as other, never guessed. It must not know HTTP.

use domain::ports::RefusalClass;

mod markdown;
mod table;
#[cfg(test)]
mod tests;

pub use markdown::render as markdown;
pub use table::TABLE;

/// A parameter is missing or wrong.
pub(crate) const INVALID_PARAMETER: i64 = 3;
/// A wrong login or password.
const WRONG_CREDENTIAL: i64 = 701;
/// A dead or unknown session.
const NOT_AUTHENTICATED: i64 = 702;
/// A blocked user.
const USER_BLOCKED: i64 = 704;
/// An environment that does not exist.
pub(crate) const NO_SUCH_APPLICATION: i64 = 11;
/// The dashboard's word for the same.
pub(crate) const NO_SUCH_ENVIRONMENT: i64 = 901;
/// The default result of a manifest's action that returned a text: not an error.
pub(crate) const SCRIPT_RETURNED_TEXT: i64 = 11_039;

/// What kind of trouble a code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodeClass {
    /// It does not exist.
    NotFound,
    /// The session is not valid.
    Session,
    /// The credential is not accepted.
    Credentials,
    /// The account or token may not do it.
    Permission,
    /// The environment's status does not allow it.
    Busy,
    /// A quota is used up.
    Quota,
    /// A command exited with an error.
    CommandFailed,
    /// A node does not run.
    NodeDown,
    /// A domain is in use.
    DomainBusy,
    /// A parameter is wrong.
    Invalid,
    /// A stored script is missing or failed.
    Script,
    /// A mount could not be made.
    Mount,
    /// An image could not be fetched or run.
    Image,
    /// An operation on a container failed.
    Container,
    /// A topology is refused.
    Topology,
    /// A package manifest is refused or failed.
    Package,
    /// The platform failed without saying why.
    General,
    /// Nothing public explains it.
    Other,
}

impl CodeClass {
    /// The word in the documentation.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not found",
            Self::Session => "session",
            Self::Credentials => "credentials",
            Self::Permission => "permission",
            Self::Busy => "busy",
            Self::Quota => "quota",
            Self::CommandFailed => "command failed",
            Self::NodeDown => "node down",
            Self::DomainBusy => "domain busy",
            Self::Invalid => "invalid",
            Self::Script => "script",
            Self::Mount => "mount",
            Self::Image => "image",
            Self::Container => "container",
            Self::Topology => "topology",
            Self::Package => "package",
            Self::General => "general failure",
            Self::Other => "other",
        }
    }

    /// The class that the domain acts on.
    pub(crate) fn refusal_class(self) -> RefusalClass {
        match self {
            Self::NotFound => RefusalClass::NotFound,
            Self::Session => RefusalClass::Session,
            Self::Credentials => RefusalClass::Credentials,
            Self::Permission => RefusalClass::Permission,
            Self::Busy => RefusalClass::Busy,
            Self::Quota => RefusalClass::Quota,
            Self::Invalid => RefusalClass::Invalid,
            Self::CommandFailed => RefusalClass::CommandFailed,
            Self::NodeDown => RefusalClass::NodeDown,
            Self::DomainBusy => RefusalClass::DomainBusy,
            Self::Script => RefusalClass::Script,
            Self::Mount => RefusalClass::Mount,
            Self::Image => RefusalClass::Image,
            Self::Container => RefusalClass::Container,
            Self::Topology => RefusalClass::Topology,
            Self::Package => RefusalClass::Package,
            Self::General | Self::Other => RefusalClass::Other,
        }
    }
}

/// Whether a mutation that got the code has run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ran {
    /// It surely has not, when the code stands in the outermost envelope and nothing else is there.
    NotWhenOuter,
    /// Nobody knows: find out.
    Unknown,
}

/// When sending the call again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// Never with the same parameters.
    No,
    /// Once, with a renewed session.
    WithNewSession,
    /// When the environment has left its present status.
    WhenSettled,
    /// Perhaps later, after finding out what happened.
    AfterProbe,
}

/// Who has to do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// Nobody: we handle it.
    Nobody,
    /// The owner of the platform account.
    Owner,
    /// Whoever asked for it.
    Requester,
    /// Whoever runs this service.
    Operator,
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub struct CodeRow {
    /// The code.
    pub code: i64,
    /// Its class.
    pub class: CodeClass,
    /// Whether a mutation that got it has run.
    pub ran: Ran,
    /// When sending again helps.
    pub retry: Retry,
    /// Who acts.
    pub actor: Actor,
    /// What it means, in our words.
    pub meaning: &'static str,
    /// Where the meaning is from.
    pub source: &'static str,
}

/// The row of a code, when it has one.
pub fn row(code: i64) -> Option<&'static CodeRow> {
    TABLE
        .binary_search_by_key(&code, |row| row.code)
        .ok()
        .map(|index| &TABLE[index])
}

/// Quotas of an account: those with a public text are rows, and those between them are no stranger.
const QUOTAS: std::ops::RangeInclusive<i64> = 2360..=2369;

/// The class of a code.
pub fn class(code: i64) -> CodeClass {
    match row(code) {
        Some(row) => row.class,
        None if QUOTAS.contains(&code) => CodeClass::Quota,
        None => CodeClass::Other,
    }
}

/// Whether the code, alone in the outermost envelope, doubts who we are. Signing in again tells: either
/// there is a session that counts, or the credential no longer does.
pub(crate) fn doubts_identity(outer_code: i64) -> bool {
    [WRONG_CREDENTIAL, NOT_AUTHENTICATED, USER_BLOCKED].contains(&outer_code)
}

/// Whether the code may speak about the confirmation that a deletion carries. Its code is not public
/// for certain, so both count: a wrong confirmation must not cost a sign-in, which the platform counts.
pub(crate) fn may_doubt_confirmation(outer_code: i64) -> bool {
    outer_code == WRONG_CREDENTIAL
}

/// Whether a mutation with that code, alone in the outermost envelope, surely has not run.
pub(crate) fn surely_did_not_run(outer_code: i64) -> bool {
    row(outer_code).is_some_and(|row| row.ran == Ran::NotWhenOuter)
}
