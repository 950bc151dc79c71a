//! Commands that run on a node.

use super::VirtuozzoPlatforms;
use async_trait::async_trait;
use domain::environment::PlatformNodeId;
use domain::ids::StepAttemptId;
use domain::names::{ScriptName, ShortDomain};
use domain::platform_account::PlatformAccountRef;
use domain::ports::{
    GuardedCommand, GuardedRun, MutationOutcome, MutationTicket, NotSentReason, PlatformCommands,
};

#[async_trait]
impl PlatformCommands for VirtuozzoPlatforms {
    async fn run_guarded(
        &self,
        _: &PlatformAccountRef,
        _: MutationTicket,
        _: &ShortDomain,
        _: PlatformNodeId,
        _: StepAttemptId,
        _: &GuardedCommand,
    ) -> MutationOutcome<GuardedRun> {
        MutationOutcome::NotSent(NotSentReason::NotConfigured)
    }

    async fn run_stored_script(
        &self,
        _: &PlatformAccountRef,
        _: MutationTicket,
        _: &ShortDomain,
        _: &ScriptName,
    ) -> MutationOutcome<()> {
        MutationOutcome::NotSent(NotSentReason::NotConfigured)
    }
}
