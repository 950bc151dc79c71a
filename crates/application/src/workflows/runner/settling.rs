//! Finding out what became of an attempt whose answer was lost.

use super::pivot::settle_as_not_done;
use super::{Flow, Run, RunEnd, RunError, WorkflowRunner, label};
use crate::workflows::payloads::{Findings, StoredVerdict, decode, encode_own};
use crate::workflows::step::{MutationStep, NotDone, ProofClass, Settled, Workflow, WorkflowStep};
use domain::crash_point::Moment;
use domain::error_code::ErrorCode;
use domain::job::journal::{AttemptState, Direction, NewStepAttempt, StepAttempt};
use domain::job::{JobEvent, JobFailure, JobLogLevel, WaitReason};
use domain::limits;
use domain::ports::StepOutcome;
use jiff::Timestamp;

impl WorkflowRunner {
    pub(super) async fn settle(
        &self,
        run: &mut Run<'_>,
        workflow: &dyn Workflow,
        step: &WorkflowStep,
        direction: Direction,
    ) -> Result<Flow, RunError> {
        let mut attempts = run.journal.attempts(&step.name, direction);
        // One that was asked again stays in doubt while later ones that never left come to nothing.
        while attempts
            .last()
            .is_some_and(|last| last.state == AttemptState::NotDone)
        {
            attempts.pop();
        }
        let (Some(mutation), Some(newest)) = (step.mutation(direction), attempts.last()) else {
            // Going on would plan the same again and again, and the worker would never be free.
            let detail = "the journal does not fit the steps of this version".to_owned();
            return self
                .call_for_attention(run, workflow, &step.name, None, detail)
                .await;
        };
        let newest: StepAttempt = (*newest).clone();
        let before = newest.findings.as_ref().and_then(|data| decode(data).ok());
        let mut findings: Findings = before.clone().unwrap_or_default();
        let context = match self.context(run).await? {
            Ok(context) => context,
            Err(flow) => return Ok(flow),
        };
        let settled = match findings.verdict {
            Some(StoredVerdict::Happened) => Ok(Settled::Done(None)),
            Some(StoredVerdict::DidNotHappen) => Ok(Settled::NotApplied),
            None => mutation.settle(&context, &attempts, &mut findings).await,
        };
        run.pass(&step.name, direction, Moment::BeforeSettled);
        match settled {
            Ok(Settled::Done(output)) => {
                let attempt = as_new(&newest);
                let done = output.clone();
                self.record_done(run, workflow, &context, mutation, &attempt, done)
                    .await?;
                run.pass(&step.name, direction, Moment::AfterSettled);
                drop(context);
                self.observe_attempt(run, &newest, StepOutcome::Done);
                run.journal.settle(newest.id, AttemptState::Done, output);
                Ok(Flow::Continue)
            }
            Ok(Settled::NotApplied) => {
                drop(context);
                findings.is_absence_proved = true;
                self.not_applied(run, workflow, &newest, &findings, mutation)
                    .await
            }
            Ok(Settled::AskAgain) => {
                drop(context);
                self.perform(run, workflow, step, direction).await
            }
            Ok(Settled::Unknown) => {
                drop(context);
                self.still_unknown(run, workflow, &newest, &findings, before.as_ref())
                    .await
            }
            Err(not_done) => {
                drop(context);
                self.cannot_find_out(run, workflow, &newest, not_done).await
            }
        }
    }

    /// It surely did not happen: send it again where that is safe and not yet tried too often.
    async fn not_applied(
        &self,
        run: &mut Run<'_>,
        workflow: &dyn Workflow,
        newest: &StepAttempt,
        findings: &Findings,
        mutation: &dyn MutationStep,
    ) -> Result<Flow, RunError> {
        let class = mutation.proof();
        let resends_max = match class {
            ProofClass::Named | ProofClass::Observable => 1,
            ProofClass::DesiredState => limits::STEP_RESENDS_MAX as usize,
            ProofClass::Guarded => 0,
            ProofClass::Blind => usize::from(mutation.harmless_to_repeat().is_some()),
        };
        // Attempts that never left count no more than those that were not made.
        let attempts = run.journal.attempts(&newest.step, newest.direction);
        let was_lost =
            |attempt: &&&StepAttempt| attempt.id == newest.id || attempt.findings.is_some();
        let tries = attempts.iter().filter(was_lost).count();
        let was_refused = findings.is_refused_for_good && class != ProofClass::DesiredState;
        let is_a_persons_word = findings.verdict == Some(StoredVerdict::DidNotHappen);
        if !is_a_persons_word && (was_refused || tries > resends_max) {
            let failure = JobFailure {
                remaining: Vec::new(),
                code: ErrorCode::PlatformRefused,
                step: None,
                platform_code: findings.result,
                is_retryable: !was_refused,
                detail: findings
                    .reason
                    .clone()
                    .unwrap_or_else(|| "the call was made again and again without effect".into()),
            };
            let id = Some(newest.id);
            let not_done = NotDone::Failed(failure);
            let (step, direction) = (newest.step.as_str(), newest.direction);
            return self
                .not_done(run, workflow, step, direction, id, not_done)
                .await;
        }
        let message = format!(
            "{}: it is certain that it did not happen; it is sent again",
            label(&newest.step, newest.direction)
        );
        let mut held = self.begin(run).await?;
        let journal = held.transaction.journal();
        let findings = encode_own(findings);
        journal.record_findings(newest.id, &findings).await?;
        settle_as_not_done(run, workflow, journal, newest.id).await?;
        journal
            .append_log(JobLogLevel::Warning, Some(newest.step.clone()), &message)
            .await?;
        self.commit(run, held).await?;
        self.observe_attempt(run, newest, StepOutcome::NotApplied);
        run.journal.settle(newest.id, AttemptState::NotDone, None);
        run.journal.record_findings(newest.id, findings);
        Ok(Flow::Continue)
    }

    /// Not known yet: keep what was found out and give the worker back.
    async fn still_unknown(
        &self,
        run: &mut Run<'_>,
        workflow: &dyn Workflow,
        newest: &StepAttempt,
        findings: &Findings,
        before: Option<&Findings>,
    ) -> Result<Flow, RunError> {
        let reopened_at = findings
            .reopened_at
            .and_then(|at| Timestamp::from_microsecond(at).ok());
        let since = reopened_at.map_or(newest.answer_by, |at| at.max(newest.answer_by));
        if self.is_patience_over(run, since).await? {
            let detail = "the platform does not come to an end with it".to_owned();
            return self
                .call_for_attention(run, workflow, &newest.step, None, detail)
                .await;
        }
        let mut held = self.begin(run).await?;
        let journal = held.transaction.journal();
        if before != Some(findings) {
            journal
                .record_findings(newest.id, &encode_own(findings))
                .await?;
        }
        if run.job.waiting_for != Some(WaitReason::Settlement) {
            let message = format!(
                "{}: asking the platform whether it happened",
                label(&newest.step, newest.direction)
            );
            journal
                .append_log(JobLogLevel::Info, Some(newest.step.clone()), &message)
                .await?;
        }
        let after = self.settings.poll_interval;
        journal
            .give_back(JobEvent::Parked, WaitReason::Settlement, after)
            .await?;
        self.commit(run, held).await?;
        Ok(Flow::Ended(RunEnd::GivenBack))
    }

    /// The question itself could not be asked. A refusal of the question is no answer to it.
    async fn cannot_find_out(
        &self,
        run: &mut Run<'_>,
        workflow: &dyn Workflow,
        newest: &StepAttempt,
        not_done: NotDone,
    ) -> Result<Flow, RunError> {
        let detail = match not_done {
            NotDone::Later { reason, after, .. } => {
                return self
                    .give_back(run, JobEvent::Parked, reason, after)
                    .await
                    .map(Flow::Ended);
            }
            NotDone::Attention { detail } => detail,
            NotDone::Failed(failure) => {
                format!("the platform does not let us find out: {}", failure.detail)
            }
        };
        self.call_for_attention(run, workflow, &newest.step, None, detail)
            .await
    }
}

fn as_new(attempt: &StepAttempt) -> NewStepAttempt {
    NewStepAttempt {
        id: attempt.id,
        step: attempt.step.clone(),
        direction: attempt.direction,
        answer_within: std::time::Duration::ZERO,
        baseline: None,
        is_pivot: false,
    }
}
