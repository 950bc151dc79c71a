//! Commands on a node that run once, however often they are asked for: each finds the traces of its
//! first attempt.

use super::find_environment;
use crate::workflows::context::JobContext;
use crate::workflows::doubt::{TrackedEnd, is_same_identity, other_identity, tracked_end};
use crate::workflows::payloads::{Findings, decode, encode_own};
use crate::workflows::refusal::{failure_without_answer, sent};
use crate::workflows::settings::WorkflowSettings;
use crate::workflows::step::{
    MutationStep, NotDone, Output, ProofClass, ReadStep, Sent, Settled, Undo, WorkflowStep,
};
use async_trait::async_trait;
use domain::environment::{ObservedState, PlatformNodeId};
use domain::error_code::ErrorCode;
use domain::job::journal::{Direction, StepAttempt};
use domain::job::{EncodedData, JobLogLevel};
use domain::ports::{
    CommandOutput, GuardedCommand, GuardedRun, HeldTransaction, MutationOutcome, MutationTicket,
    StoreError,
};
use domain::wordpress::ReplacementCounts;
use serde::{Deserialize, Serialize};
use std::time::Duration;

#[cfg(test)]
mod tests;

/// The layer that holds the application.
const APPLICATION_LAYER: &str = "cp";
/// The name of the step that finds the node; the commands read its output.
const FIND_MASTER_NODE: &str = "find_master_node";

#[derive(Serialize, Deserialize)]
struct MasterNode {
    platform_node_id: i64,
}

/// Finds the one node on which commands run: nodes of a layer share a database, and a command on each
/// of them would run several times.
pub(crate) fn find_master_node() -> WorkflowStep {
    WorkflowStep::read(FIND_MASTER_NODE, FindMasterNode)
}

struct FindMasterNode;

#[async_trait]
impl ReadStep for FindMasterNode {
    fn does(&self) -> &'static str {
        "finds the node; fails with `node-not-found` or `environment-not-running`"
    }

    async fn read(&self, context: &JobContext<'_>) -> Result<Output, NotDone> {
        let found = find_environment(context).await?;
        let node = found
            .nodes
            .iter()
            .find(|node| node.is_master && node.node_group.as_str() == APPLICATION_LAYER);
        let refuse = |code, detail| Err(NotDone::Failed(failure_without_answer(code, detail)));
        match node {
            None => refuse(
                ErrorCode::NodeNotFound,
                "the environment has no application layer to run this on",
            ),
            Some(node) if node.state != ObservedState::Running => refuse(
                ErrorCode::EnvironmentNotRunning,
                "the application node does not run; start the environment first",
            ),
            Some(node) => Ok(Some(encode_own(&MasterNode {
                platform_node_id: node.platform_node_id.0,
            }))),
        }
    }
}

/// A step that runs the command. There is nothing to take back, for that reason.
pub(crate) fn guarded(
    name: &'static str,
    command: GuardedCommand,
    why_not_undone: &'static str,
) -> WorkflowStep {
    let step = RunCommand {
        step: name,
        command,
    };
    WorkflowStep::mutate(name, step, Undo::Pivot(why_not_undone))
}

/// Runs a command on the node that was found.
struct RunCommand {
    step: &'static str,
    command: GuardedCommand,
}

/// What the command printed; foreign text.
#[derive(Serialize, Deserialize)]
struct Printed {
    output: String,
}

#[async_trait]
impl MutationStep for RunCommand {
    fn does(&self) -> &'static str {
        match self.command {
            GuardedCommand::CountSearchReplace(_) => {
                "counts what would change, by table and column"
            }
            GuardedCommand::ExportDatabase => {
                "writes the whole database to a file beside the guard"
            }
            GuardedCommand::SearchReplace(_) => "replaces, inside serialised values too",
            GuardedCommand::FlushCache => "empties the object cache",
        }
    }

    fn proof(&self) -> ProofClass {
        ProofClass::Guarded
    }

    fn answer_within(&self, settings: &WorkflowSettings) -> Duration {
        settings.answer_within_long
    }

    async fn send(&self, context: &JobContext<'_>, ticket: MutationTicket) -> Sent {
        let node = context.journal.output_of::<MasterNode>(FIND_MASTER_NODE);
        let attempts = context.journal.attempts(self.step, Direction::Forward);
        let (Some(Ok(node)), Some(first)) = (node, attempts.first()) else {
            return Sent::NotDone(NotDone::Failed(failure_without_answer(
                ErrorCode::InternalError,
                "the node to run it on is not written down",
            )));
        };
        let outcome = context
            .platform
            .commands()
            .run_guarded(
                &context.reference,
                ticket,
                &context.environment().short_domain,
                PlatformNodeId(node.platform_node_id),
                first.id,
                &self.command,
            )
            .await;
        match outcome {
            MutationOutcome::Done(GuardedRun::Finished(ended)) => finished(ended),
            MutationOutcome::Done(GuardedRun::Unfinished) => Sent::InDoubt {
                reason: "it was begun before and has left no result yet".to_owned(),
                answer: None,
            },
            MutationOutcome::Done(GuardedRun::Forgotten) => Sent::NotDone(NotDone::Attention {
                detail: "it ran, but how it ended is not kept on the node any more".to_owned(),
            }),
            other => sent(other, context.settings, |_| None),
        }
    }

    /// Asked again, it tells. Every answer that is still missing is waited for as long again as it
    /// took so far, so that a long run is not asked about all the time.
    async fn settle(
        &self,
        context: &JobContext<'_>,
        attempts: &[&StepAttempt],
        _findings: &mut Findings,
    ) -> Result<Settled, NotDone> {
        let (Some(first), Some(newest)) = (attempts.first(), attempts.last()) else {
            return Ok(Settled::NotApplied);
        };
        if !is_same_identity(context, newest) {
            return Err(other_identity());
        }
        let is_undoing = context.job.is_cancel_requested || context.job.failure.is_some();
        if is_undoing {
            return self.settle_by_tracking(context, newest).await;
        }
        let now = context.clock.now();
        let limit = first.answer_by.checked_add(context.settings.patience).ok();
        if limit.is_none_or(|limit| now > limit) {
            return Err(NotDone::Attention {
                detail: "the command does not come to an end".to_owned(),
            });
        }
        let so_far = newest.started_at.duration_since(first.started_at);
        let so_far = Duration::try_from(so_far).unwrap_or_default();
        let pause = so_far.max(context.settings.poll_interval);
        let is_time = newest
            .started_at
            .checked_add(pause)
            .is_ok_and(|next| now >= next);
        Ok(if is_time {
            Settled::AskAgain
        } else {
            Settled::Unknown
        })
    }

    /// What it printed is part of the job's log: the counts of a search are what it was run for.
    async fn record(
        &self,
        _context: &JobContext<'_>,
        transaction: &mut dyn HeldTransaction,
        output: Option<&EncodedData>,
    ) -> Result<(), StoreError> {
        let printed = output.and_then(|data| decode::<Printed>(data).ok());
        match printed {
            Some(printed) if !printed.output.is_empty() => {
                let step = Some(self.step.to_owned());
                let told = told(&self.command, &printed.output);
                let journal = transaction.journal();
                journal.append_log(JobLogLevel::Info, step, &told).await
            }
            _ => Ok(()),
        }
    }
}

impl RunCommand {
    /// While a job is taken back nothing is sent any more, so the tracking has to tell.
    async fn settle_by_tracking(
        &self,
        context: &JobContext<'_>,
        newest: &StepAttempt,
    ) -> Result<Settled, NotDone> {
        match tracked_end(context, newest).await? {
            TrackedEnd::Running => Ok(Settled::Unknown),
            TrackedEnd::Well => Ok(Settled::Done(None)),
            TrackedEnd::InError | TrackedEnd::Untold => Err(NotDone::Attention {
                detail: "it was begun on the node, and it is unknown whether it came to its end"
                    .to_owned(),
            }),
        }
    }
}

/// What people are told of what a command printed: of a search, the counts by table.
fn told(command: &GuardedCommand, printed: &str) -> String {
    let printed = printed.trim_end();
    let verb = match command {
        GuardedCommand::CountSearchReplace(_) => "would be",
        GuardedCommand::SearchReplace(_) => "were",
        GuardedCommand::ExportDatabase | GuardedCommand::FlushCache => return printed.to_owned(),
    };
    let Ok(counts) = ReplacementCounts::parse(printed) else {
        return printed.to_owned();
    };
    let total = format!("{} values {verb} replaced", counts.total());
    let tables: Vec<String> = counts
        .tables()
        .iter()
        .map(|table| format!("{} {}", table.table, table.count))
        .collect();
    if tables.is_empty() {
        total
    } else {
        format!("{total}: {}", tables.join(", "))
    }
}

fn finished(ended: CommandOutput) -> Sent {
    if ended.exit_status == 0 {
        return Sent::Done(Some(encode_own(&Printed {
            output: ended.output,
        })));
    }
    // What it complained about may hold anything, so it stays on the node.
    Sent::NotDone(NotDone::Failed(failure_without_answer(
        ErrorCode::CommandFailed,
        format!(
            "the command ended with status {}; the logs of the node say more",
            ended.exit_status
        ),
    )))
}
