//! Carrying out one step.

use super::transactions::Started;
use super::{Flow, Run, RunError, WorkflowRunner, label};
use crate::workflows::context::JobContext;
use crate::workflows::payloads::{Findings, Intent, encode_own};
use crate::workflows::plan;
use crate::workflows::step::{
    Action, MutationStep, NotDone, Output, ReadStep, Sent, Workflow, WorkflowStep,
};
use domain::crash_point::Moment;
use domain::job::journal::{AttemptState, Direction, NewStepAttempt, StepAttempt};
use domain::job::{JobEvent, JobLogLevel, JobProgress, WaitReason};
use domain::limits;
use domain::ports::{
    MutationTicket, StepOutcome, StoreError, TeamLockGuard, UnclearAnswer, new_id,
};
use futures::future::{Either, select};
use std::time::Duration;

/// Somebody else has the lock although the turn is ours: it is left over and ends by itself.
const LOCK_RETRY: Duration = Duration::from_millis(500);
/// The coordination service is asked again this often.
const COORDINATION_RETRY: Duration = Duration::from_secs(2);

impl WorkflowRunner {
    pub(super) async fn perform(
        &self,
        run: &mut Run<'_>,
        workflow: &dyn Workflow,
        step: &WorkflowStep,
        direction: Direction,
    ) -> Result<Flow, RunError> {
        if direction == Direction::Forward
            && let Some(paused) = self.paused_by_now(run).await?
        {
            return self
                .not_done(run, workflow, &step.name, direction, None, paused)
                .await;
        }
        match (&step.action, step.mutation(direction)) {
            (Action::Read(read), _) => self.perform_read(run, workflow, step, &**read).await,
            (_, Some(mutation)) => {
                self.perform_mutation(run, workflow, step, mutation, direction)
                    .await
            }
            // The plan never undoes a step without a written undo.
            (Action::Mutate { .. }, None) => Ok(Flow::Continue),
        }
    }

    async fn perform_read(
        &self,
        run: &mut Run<'_>,
        workflow: &dyn Workflow,
        step: &WorkflowStep,
        read: &dyn ReadStep,
    ) -> Result<Flow, RunError> {
        let context = match self.context(run).await? {
            Ok(context) => context,
            Err(flow) => return Ok(flow),
        };
        run.pass(&step.name, Direction::Forward, Moment::BeforeStarted);
        let began = self.clock.instant();
        let output = match read.read(&context).await {
            Ok(output) => output,
            Err(not_done) => {
                drop(context);
                let direction = Direction::Forward;
                return self
                    .not_done(run, workflow, &step.name, direction, None, not_done)
                    .await;
            }
        };
        run.pass(&step.name, Direction::Forward, Moment::AfterAnswer);
        let attempt = NewStepAttempt {
            id: new_id(&*self.ids),
            step: step.name.clone(),
            direction: Direction::Forward,
            answer_within: Duration::ZERO,
            baseline: None,
            is_pivot: false,
        };
        let mut held = self.begin(run).await?;
        if let Some(lost) = self.lost_rights(run, &mut *held.transaction).await? {
            drop((held, context));
            let direction = Direction::Forward;
            return self
                .not_done(run, workflow, &step.name, direction, None, lost)
                .await;
        }
        let stored = match held.transaction.journal().start_attempt(&attempt).await {
            Ok(stored) => stored,
            Err(StoreError::VersionChanged) => {
                drop((held, context));
                run.job.is_cancel_requested = true;
                return Ok(Flow::Continue);
            }
            Err(error) => return Err(error.into()),
        };
        read.record(&context, &mut *held.transaction, output.as_ref())
            .await?;
        let progress = progress_after(run, workflow, &step.name);
        let journal = held.transaction.journal();
        journal
            .settle_attempt(attempt.id, AttemptState::Done, output.clone())
            .await?;
        journal.set_progress(&progress).await?;
        let message = format!("{} is done", step.name);
        journal
            .append_log(JobLogLevel::Info, Some(step.name.clone()), &message)
            .await?;
        drop(context);
        self.commit(run, held).await?;
        let took = began.until(self.clock.instant());
        self.observe_step(run, &step.name, StepOutcome::Done, Some(took));
        run.pass(&step.name, Direction::Forward, Moment::AfterJournal);
        run.journal.add(StepAttempt {
            state: AttemptState::Done,
            output,
            ..stored
        });
        Ok(Flow::Continue)
    }

    async fn perform_mutation(
        &self,
        run: &mut Run<'_>,
        workflow: &dyn Workflow,
        step: &WorkflowStep,
        mutation: &dyn MutationStep,
        direction: Direction,
    ) -> Result<Flow, RunError> {
        let new = match self.context(run).await? {
            Err(flow) => return Ok(flow),
            Ok(context) => self.intent(&context, step, mutation, direction).await,
        };
        let new = match new {
            Ok(new) => new,
            Err(not_done) => {
                return self
                    .not_done(run, workflow, &step.name, direction, None, not_done)
                    .await;
            }
        };
        let guard = match self
            .team_lock
            .acquire(&run.claimed.turns, limits::JOB_LEASE)
            .await
        {
            Ok(Some(guard)) => guard,
            Ok(None) => return self.released(run, WaitReason::Turn, LOCK_RETRY).await,
            Err(error) => {
                tracing::warn!(job.id = %run.job.id, error = %error, "mutations wait");
                let reason = WaitReason::CoordinationUnavailable;
                return self.released(run, reason, COORDINATION_RETRY).await;
            }
        };
        let flow = self
            .perform_locked(run, workflow, step, mutation, &new, &*guard)
            .await;
        guard.release().await;
        flow
    }

    async fn intent(
        &self,
        context: &JobContext<'_>,
        step: &WorkflowStep,
        mutation: &dyn MutationStep,
        direction: Direction,
    ) -> Result<NewStepAttempt, NotDone> {
        let intent = Intent {
            platform_uid: context.account.platform_uid.0,
            credential_version: context.account.credential_version,
            baseline: mutation.baseline(context).await?,
        };
        Ok(NewStepAttempt {
            id: new_id(&*self.ids),
            step: step.name.clone(),
            direction,
            answer_within: limits::CALL_LEAVES_WITHIN + mutation.answer_within(&self.settings),
            baseline: Some(encode_own(&intent)),
            is_pivot: direction == Direction::Forward && step.is_pivot(),
        })
    }

    async fn released(
        &self,
        run: &Run<'_>,
        reason: WaitReason,
        after: Duration,
    ) -> Result<Flow, RunError> {
        self.give_back(run, JobEvent::Released, reason, after)
            .await
            .map(Flow::Ended)
    }

    async fn perform_locked(
        &self,
        run: &mut Run<'_>,
        workflow: &dyn Workflow,
        step: &WorkflowStep,
        mutation: &dyn MutationStep,
        new: &NewStepAttempt,
        guard: &dyn TeamLockGuard,
    ) -> Result<Flow, RunError> {
        run.pass(&step.name, new.direction, Moment::BeforeStarted);
        let message = format!("{} begins", label(&step.name, new.direction));
        let leaves_by = match self.start(run, new, &message).await? {
            Started::Yes { attempt, leaves_by } => {
                run.journal.add(attempt);
                leaves_by
            }
            Started::CancelRequested => {
                run.job.is_cancel_requested = true;
                return Ok(Flow::Continue);
            }
            Started::NotAllowed(not_done) => {
                let direction = new.direction;
                return self
                    .not_done(run, workflow, &step.name, direction, None, not_done)
                    .await;
            }
        };
        run.pass(&step.name, new.direction, Moment::AfterStarted);
        let began = self.clock.instant();
        let answer_within = mutation.answer_within(&self.settings);
        let ticket = self.ticket(run, new.id, leaves_by, answer_within).await?;
        let sent = match ticket {
            None => Sent::NotDone(NotDone::Later {
                reason: WaitReason::PlatformUnavailable,
                after: COORDINATION_RETRY,
                detail: "the store is too slow to send safely".to_owned(),
            }),
            Some(ticket) => match self.find_context(run).await? {
                // Disconnected since the step was allowed to begin. Nothing was sent.
                None => Sent::NotDone(NotDone::Later {
                    reason: WaitReason::Reauthentication,
                    after: self.settings.reauthentication_poll,
                    detail: "the owner has to connect the platform account again".to_owned(),
                }),
                Some(context) => {
                    let sent = self
                        .send(run.lease, mutation, &context, ticket, guard)
                        .await;
                    let sent = self.unless_lost_in_call(run, new, sent).await?;
                    run.pass(&step.name, new.direction, Moment::AfterAnswer);
                    if let Sent::Done(output) = &sent {
                        let output = output.clone();
                        let recorded = self
                            .record_done(run, workflow, &context, mutation, new, output)
                            .await;
                        self.unless_lost_in_call(run, new, recorded).await?;
                        run.pass(&step.name, new.direction, Moment::AfterJournal);
                    }
                    sent
                }
            },
        };
        let took = began.until(self.clock.instant());
        self.go_on_after(run, workflow, new, sent, took).await
    }

    /// What follows from a call that has ended, or was not made. That it is done is written down already.
    async fn go_on_after(
        &self,
        run: &mut Run<'_>,
        workflow: &dyn Workflow,
        new: &NewStepAttempt,
        sent: Sent,
        took: Duration,
    ) -> Result<Flow, RunError> {
        match sent {
            Sent::Done(output) => {
                self.observe_step(run, &new.step, StepOutcome::Done, Some(took));
                run.journal.settle(new.id, AttemptState::Done, output);
                Ok(Flow::Continue)
            }
            Sent::NotDone(not_done) => {
                let id = Some(new.id);
                self.not_done(run, workflow, &new.step, new.direction, id, not_done)
                    .await
            }
            Sent::InDoubt { reason, answer } => {
                let recorded = self.record_doubt(run, new, reason, answer).await;
                self.unless_lost_in_call(run, new, recorded).await?;
                self.observe_step(run, &new.step, StepOutcome::InDoubt, Some(took));
                Ok(Flow::Continue)
            }
        }
    }

    /// Makes the call, keeping the lock alive meanwhile. The call is given up only when the job was
    /// taken over: its answer could not be written down any more.
    async fn send(
        &self,
        lease: &crate::workflows::Lease,
        mutation: &dyn MutationStep,
        context: &JobContext<'_>,
        ticket: MutationTicket,
        guard: &dyn TeamLockGuard,
    ) -> Result<Sent, RunError> {
        let mut call = mutation.send(context, ticket);
        loop {
            match select(call, self.clock.sleep(limits::JOB_HEARTBEAT)).await {
                Either::Left((sent, _)) => return Ok(sent),
                Either::Right(((), unfinished)) => {
                    if lease.is_lost() {
                        return Err(RunError::HoldLost);
                    }
                    // The rows are the authority; a lock that ends early only lets others ask.
                    if let Err(error) = guard.extend(limits::JOB_LEASE).await {
                        tracing::debug!(error = %error, "the lock could not be extended");
                    }
                    call = unfinished;
                }
            }
        }
    }

    /// Writes a done mutation down, with its effect, in one transaction.
    pub(super) async fn record_done(
        &self,
        run: &Run<'_>,
        workflow: &dyn Workflow,
        context: &JobContext<'_>,
        mutation: &dyn MutationStep,
        attempt: &NewStepAttempt,
        output: Output,
    ) -> Result<(), RunError> {
        let mut held = self.begin(run).await?;
        mutation
            .record(context, &mut *held.transaction, output.as_ref())
            .await?;
        let journal = held.transaction.journal();
        journal
            .settle_attempt(attempt.id, AttemptState::Done, output)
            .await?;
        if attempt.direction == Direction::Forward {
            let progress = progress_after(run, workflow, &attempt.step);
            journal.set_progress(&progress).await?;
        }
        let message = format!("{} is done", label(&attempt.step, attempt.direction));
        journal
            .append_log(JobLogLevel::Info, Some(attempt.step.clone()), &message)
            .await?;
        self.commit(run, held).await
    }

    async fn record_doubt(
        &self,
        run: &mut Run<'_>,
        attempt: &NewStepAttempt,
        reason: String,
        answer: Option<UnclearAnswer>,
    ) -> Result<(), RunError> {
        let message = format!(
            "{}: the platform's answer leaves open whether it happened ({reason}); finding out",
            label(&attempt.step, attempt.direction)
        );
        let findings = encode_own(&Findings {
            reason: Some(reason),
            result: answer.map(|answer| answer.result),
            is_refused_for_good: answer.is_some_and(|answer| answer.is_final()),
            ..Findings::default()
        });
        let mut held = self.begin(run).await?;
        let journal = held.transaction.journal();
        journal
            .settle_attempt(attempt.id, AttemptState::InDoubt, None)
            .await?;
        journal.record_findings(attempt.id, &findings).await?;
        journal
            .append_log(JobLogLevel::Warning, Some(attempt.step.clone()), &message)
            .await?;
        self.commit(run, held).await?;
        run.journal.settle(attempt.id, AttemptState::InDoubt, None);
        run.journal.record_findings(attempt.id, findings);
        Ok(())
    }
}

/// How far the job is once this step is done as well.
fn progress_after(run: &Run<'_>, workflow: &dyn Workflow, step: &str) -> JobProgress {
    let total = workflow.steps().len();
    let done = plan::steps_done(workflow.steps(), &run.journal) + 1;
    // The last percent belongs to the end of the job.
    let percent = (done * 99 / total.max(1)).min(99);
    JobProgress {
        percent: u8::try_from(percent).unwrap_or(99),
        step: Some(step.to_owned()),
        steps_done: u16::try_from(done).unwrap_or(u16::MAX),
        steps_total: u16::try_from(total).unwrap_or(u16::MAX),
    }
}
