//! How calls end. Every mutation ends in one of four ways, and silence is never reported as failure.

use crate::ids::StepAttemptId;
use crate::ports::Instant;
use std::time::Duration;

#[cfg(test)]
mod tests;

/// What the platform meant by a refusal, as far as we act on it differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalClass {
    /// It does not exist.
    NotFound,
    /// The session is not valid (any more), and a renewed one was refused too.
    Session,
    /// The credential is not accepted.
    Credentials,
    /// The account or token may not do it.
    Permission,
    /// The environment's present status does not allow it.
    Busy,
    /// A quota is used up.
    Quota,
    /// A parameter is wrong.
    Invalid,
    /// A command ended with another status than 0.
    CommandFailed,
    /// The node is not running or cannot be reached.
    NodeDown,
    /// Somebody on the platform has bound the domain.
    DomainBusy,
    /// A script of the platform's is missing or failed.
    Script,
    /// The path is mounted already, or the mount cannot be made.
    Mount,
    /// The container's image cannot be fetched or run.
    Image,
    /// A container could not be changed.
    Container,
    /// The wanted layers are not possible.
    Topology,
    /// A package's manifest is wrong or failed.
    Package,
    /// Anything else.
    Other,
}

/// A call that surely did not run, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What it means.
    pub class: RefusalClass,
    /// The platform's result code.
    pub result: i64,
    /// The platform's text, redacted and cut; for people.
    pub text: String,
}

/// Why a mutation was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotSentReason {
    /// No connection, or our own limits or breaker held it back. Try again later.
    Unavailable(String),
    /// The send window closed before the request had left.
    WindowClosed,
    /// No session: only the owner can help.
    NeedsReauthentication,
    /// The account or its credential changed meanwhile.
    AccountChanged,
    /// Nothing is configured for it on this platform.
    NotConfigured,
}

/// How a mutation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MutationOutcome<Value> {
    /// It happened.
    Done(Value),
    /// It surely did not run: the platform said so before it began.
    Refused(Refusal),
    /// It surely did not run: it never left.
    NotSent(NotSentReason),
    /// It may have happened, now or later. Never a failure, never repeated blindly: find out.
    MaybeApplied {
        /// What was seen instead of an answer; redacted.
        reason: String,
        /// What the platform answered, when it answered at all.
        answer: Option<UnclearAnswer>,
    },
}

/// An answer that leaves open what happened: a failure that was reported after the work had begun,
/// or a success that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnclearAnswer {
    /// The platform's result code.
    pub result: i64,
    /// What the code means.
    pub class: RefusalClass,
}

impl UnclearAnswer {
    /// Whether the same request would be answered the same again: once it is known that nothing
    /// happened, there is no use in repeating it.
    pub fn is_final(&self) -> bool {
        self.result != 0 && !matches!(self.class, RefusalClass::Session | RefusalClass::Busy)
    }
}

/// How a read failed. Reads change nothing and were already repeated where that made sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlatformReadError {
    /// The platform answered no.
    #[error("the platform refused the read (result {})", .0.result)]
    Refused(Refusal),
    /// No usable answer.
    #[error("the platform does not answer: {0}")]
    Unavailable(String),
    /// No session: only the owner can help.
    #[error("the platform account needs its owner")]
    NeedsReauthentication,
    /// The account or its credential changed meanwhile.
    #[error("the platform account has changed")]
    AccountChanged,
}

/// Permission to send one mutation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MutationTicket {
    /// The journaled attempt; sent along, so that the platform's tracking can be searched for it.
    pub attempt: StepAttemptId,
    /// The last byte must have left by then, on [`crate::ports::Clock::instant`]; otherwise the call is
    /// given up.
    pub send_by: Instant,
    /// How long to wait for the answer after that.
    pub answer_within: Duration,
}
