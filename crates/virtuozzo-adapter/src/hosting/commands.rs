//! Commands on nodes: run at most once for each guard, whatever becomes of answers.

use super::VirtuozzoPlatforms;
use crate::calls;
use crate::guarded_command::{NodeReport, ShellLine};
use crate::outcome::Reading;
use crate::wire;
use crate::wire::command::CommandAnswer;
use async_trait::async_trait;
use domain::environment::PlatformNodeId;
use domain::ids::StepAttemptId;
use domain::names::{ScriptName, ShortDomain};
use domain::platform_account::PlatformAccountRef;
use domain::ports::{
    GuardedCommand, GuardedRun, MutationOutcome, MutationTicket, NotSentReason, PlatformCommands,
    Refusal, RefusalClass, UnclearAnswer,
};

#[async_trait]
impl PlatformCommands for VirtuozzoPlatforms {
    async fn run_guarded(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
        guard: StepAttemptId,
        command: &GuardedCommand,
    ) -> MutationOutcome<GuardedRun> {
        let Some(transport) = self.transport(account) else {
            return MutationOutcome::NotSent(NotSentReason::NotConfigured);
        };
        let folder = &transport.settings().wordpress_folder;
        let line = ShellLine::guarded(guard, command, folder);
        let call = calls::commands::run_on_node(short_domain, node, &line);
        let printed = self
            .mutate(account, ticket, call, Reading::Plain, |body| {
                let answer: CommandAnswer = wire::read(body)?;
                answer
                    .output_of(node.0)
                    .ok_or(wire::WireError::Missing("responses"))
            })
            .await;
        match printed {
            MutationOutcome::Done(printed) => reported(&printed, guard),
            MutationOutcome::Refused(refusal) => MutationOutcome::Refused(refusal),
            MutationOutcome::NotSent(reason) => MutationOutcome::NotSent(reason),
            MutationOutcome::MaybeApplied { reason, answer } => {
                MutationOutcome::MaybeApplied { reason, answer }
            }
        }
    }

    async fn run_stored_script(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        script: &ScriptName,
    ) -> MutationOutcome<()> {
        let stored = self
            .transport(account)
            .and_then(|transport| transport.settings().scripts.get(script));
        let Some(stored) = stored else {
            return MutationOutcome::NotSent(NotSentReason::NotConfigured);
        };
        let call = calls::commands::run_stored_script(short_domain, stored);
        self.mutate(account, ticket, call, Reading::Plain, |_| Ok(()))
            .await
    }
}

/// What a call is that the platform answered with success: the node's own word decides.
fn reported(printed: &str, guard: StepAttemptId) -> MutationOutcome<GuardedRun> {
    match NodeReport::find(printed, guard) {
        Ok(NodeReport::Finished(output)) => MutationOutcome::Done(GuardedRun::Finished(output)),
        Ok(NodeReport::Unfinished) => MutationOutcome::Done(GuardedRun::Unfinished),
        Ok(NodeReport::Forgotten) => MutationOutcome::Done(GuardedRun::Forgotten),
        Ok(NodeReport::NotBegun) => MutationOutcome::Refused(Refusal {
            class: RefusalClass::CommandFailed,
            result: 0,
            text: "the node cannot make the folder of the guard; the command was not begun".into(),
        }),
        Err(error) => MutationOutcome::MaybeApplied {
            reason: error.to_string(),
            answer: Some(UnclearAnswer {
                result: 0,
                class: RefusalClass::Other,
            }),
        },
    }
}
