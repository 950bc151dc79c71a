//! Commands that run on a node, from a closed list. No text of a client's is ever run as a command:
//! what a client says becomes a quoted argument.

use super::{MutationOutcome, MutationTicket};
use crate::environment::PlatformNodeId;
use crate::ids::StepAttemptId;
use crate::names::{ScriptName, ShortDomain};
use crate::platform_account::PlatformAccountRef;
use crate::wordpress::SearchReplace;
use async_trait::async_trait;

/// What can be run on a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GuardedCommand {
    /// Counts what a search and replace would change ([`crate::wordpress::ReplacementCounts`]).
    /// Changes nothing.
    CountSearchReplace(SearchReplace),
    /// Writes the whole database to a file beside the guard, so that a person can bring it back for
    /// some days.
    ExportDatabase,
    /// Replaces a text in the database, inside serialised values too, and reports as counting does
    /// ([`crate::wordpress::ReplacementCounts`]).
    SearchReplace(SearchReplace),
    /// Empties the object cache.
    FlushCache,
}

/// What a command printed and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandOutput {
    /// 0 when it went well.
    pub exit_status: i64,
    /// What it printed, cut at [`crate::limits::COMMAND_OUTPUT_BYTES_MAX`]. Foreign text.
    pub output: String,
    /// What it complained about, cut likewise. Foreign text.
    pub error_output: String,
}

/// How far a guarded command is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GuardedRun {
    /// It ran once, now or at an earlier call with the same guard.
    Finished(CommandOutput),
    /// An earlier call with the same guard began it, and it has left no result. It may go on, or
    /// have been killed: then it never leaves one, and a person has to look.
    Unfinished,
    /// It ran once, so long ago that its result was removed from the node.
    Forgotten,
}

/// Commands that run on a node.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PlatformCommands: Send + Sync {
    /// Runs a command at most once for each guard, however often it is called: the first call makes
    /// a folder on the node that is named by the guard, and later ones only tell its result. The
    /// guard is the first attempt of the step, so a resend under a new attempt keeps it.
    ///
    /// A command that fails is a [`GuardedRun::Finished`] with another status than 0. A refusal says
    /// that this call did not begin the command; an earlier one that is still on its way may.
    async fn run_guarded(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
        guard: StepAttemptId,
        command: &GuardedCommand,
    ) -> MutationOutcome<GuardedRun>;
    /// Runs a script that is stored on the platform and mapped by configuration. Blind.
    async fn run_stored_script(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        script: &ScriptName,
    ) -> MutationOutcome<()>;
}
