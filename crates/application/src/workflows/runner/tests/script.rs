//! Steps that do what a test says, and write down that they were asked to.

use super::book::Book;
use super::world::World;
use crate::workflows::Lease;
use crate::workflows::context::JobContext;
use crate::workflows::payloads::{Baseline, Findings};
use crate::workflows::refusal::failure_without_answer;
use crate::workflows::settings::WorkflowSettings;
use crate::workflows::step::{
    MutationStep, NotDone, Output, ProofClass, ReadStep, Sent, Settled, Undo, Workflow,
    WorkflowStep,
};
use async_trait::async_trait;
use domain::error_code::ErrorCode;
use domain::job::journal::StepAttempt;
use domain::job::{EncodedData, JobEvent, WaitReason};
use domain::ports::{
    Clock, HeldTransaction, MutationTicket, RefusalClass, StoreError, UnclearAnswer,
};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What a call does.
pub(super) enum Call {
    Answers(Sent),
    /// Something happens to the world while the call is open; then it answers.
    AnswersAfter(Box<dyn FnOnce() + Send>, Sent),
    /// It takes that many heartbeats before it answers.
    TakesBeats(u32, Sent),
    /// It never answers, and meanwhile the lease is lost.
    HangsWhileTheLeaseIsLost,
}

type Settling = Result<Settled, NotDone>;

/// A mutation that does what it is told.
pub(super) struct Scripted {
    label: String,
    book: Arc<Book>,
    clock: Arc<dyn Clock>,
    lease: Arc<Lease>,
    proof: ProofClass,
    harmless_to_repeat: Option<&'static str>,
    calls: Mutex<VecDeque<Call>>,
    settlings: Mutex<VecDeque<Settling>>,
    baseline: Result<(), NotDone>,
    /// What was left of the lease and of the send window when a call was made.
    pub(super) left_at_calls: Arc<Mutex<Vec<(Duration, Duration)>>>,
}

impl World {
    pub(super) fn step(&self, label: &str) -> Scripted {
        Scripted {
            label: label.to_owned(),
            book: Arc::clone(&self.book),
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            lease: Arc::clone(&self.lease),
            proof: ProofClass::Named,
            harmless_to_repeat: None,
            calls: Mutex::default(),
            settlings: Mutex::default(),
            baseline: Ok(()),
            left_at_calls: Arc::default(),
        }
    }

    /// A step that just works, and so does taking it back.
    pub(super) fn working(&self, name: &'static str) -> WorkflowStep {
        let undo = self.step(&format!("undo of {name}")).answering([done()]);
        self.step(name).answering([done()]).with_undo(name, undo)
    }

    pub(super) fn read(
        &self,
        name: &'static str,
        answers: Vec<Result<(), NotDone>>,
    ) -> WorkflowStep {
        let read = ScriptedRead {
            label: name,
            book: Arc::clone(&self.book),
            answers: Mutex::new(answers.into()),
        };
        WorkflowStep::read(name, read)
    }

    pub(super) fn workflow(&self, steps: Vec<WorkflowStep>) -> ScriptedWorkflow {
        ScriptedWorkflow {
            steps,
            book: Arc::clone(&self.book),
        }
    }
}

impl Scripted {
    pub(super) fn calling<const COUNT: usize>(self, calls: [Call; COUNT]) -> Self {
        self.calls.lock().unwrap().extend(calls);
        self
    }

    pub(super) fn answering<const COUNT: usize>(self, answers: [Sent; COUNT]) -> Self {
        self.calling(answers.map(Call::Answers))
    }

    pub(super) fn settling<const COUNT: usize>(self, settlings: [Settling; COUNT]) -> Self {
        self.settlings.lock().unwrap().extend(settlings);
        self
    }

    pub(super) fn proved_by(mut self, proof: ProofClass) -> Self {
        self.proof = proof;
        self
    }

    pub(super) fn harmless_to_repeat(mut self) -> Self {
        self.harmless_to_repeat = Some("twice is once");
        self
    }

    pub(super) fn refusing_to_begin(mut self, not_done: NotDone) -> Self {
        self.baseline = Err(not_done);
        self
    }

    pub(super) fn with_undo(self, name: &'static str, undo: Self) -> WorkflowStep {
        WorkflowStep::mutate(name, self, Undo::With(Box::new(undo)))
    }

    pub(super) fn covered(self, name: &'static str) -> WorkflowStep {
        WorkflowStep::mutate(name, self, Undo::CoveredBy("nothing is left of it"))
    }

    pub(super) fn pivot(self, name: &'static str) -> WorkflowStep {
        WorkflowStep::mutate(name, self, Undo::Pivot("it cannot be done backwards"))
    }

    /// A step whose undo must not be asked for.
    pub(super) fn never_undone(self, name: &'static str, world: &World) -> WorkflowStep {
        let undo = world.step(&format!("undo of {name}"));
        self.with_undo(name, undo)
    }
}

#[async_trait]
impl MutationStep for Scripted {
    fn does(&self) -> &'static str {
        "what the script says"
    }

    fn proof(&self) -> ProofClass {
        self.proof
    }

    fn answer_within(&self, settings: &WorkflowSettings) -> Duration {
        settings.answer_within_short
    }

    async fn baseline(&self, _context: &JobContext<'_>) -> Result<Baseline, NotDone> {
        self.baseline.clone().map(|()| Baseline::default())
    }

    fn harmless_to_repeat(&self) -> Option<&'static str> {
        self.harmless_to_repeat
    }

    async fn send(&self, _context: &JobContext<'_>, ticket: MutationTicket) -> Sent {
        self.book.happened(format!("call {}", self.label));
        let now = self.clock.instant();
        let left = (self.lease.left(now), now.until(ticket.send_by));
        self.left_at_calls.lock().unwrap().push(left);
        let call = self.calls.lock().unwrap().pop_front();
        match call.expect("the call is in the script") {
            Call::Answers(sent) => sent,
            Call::AnswersAfter(happens, sent) => {
                happens();
                sent
            }
            Call::TakesBeats(mut beats, sent) => {
                std::future::poll_fn(|_| {
                    if beats == 0 {
                        return std::task::Poll::Ready(());
                    }
                    beats -= 1;
                    std::task::Poll::Pending
                })
                .await;
                sent
            }
            Call::HangsWhileTheLeaseIsLost => {
                self.lease.lose();
                std::future::pending().await
            }
        }
    }

    async fn settle(
        &self,
        _context: &JobContext<'_>,
        attempts: &[&StepAttempt],
        findings: &mut Findings,
    ) -> Result<Settled, NotDone> {
        self.book
            .happened(format!("ask about {} of {}", attempts.len(), self.label));
        findings.misses += 1;
        let settling = self.settlings.lock().unwrap().pop_front();
        settling.expect("the question is in the script")
    }

    async fn record(
        &self,
        _context: &JobContext<'_>,
        _transaction: &mut dyn HeldTransaction,
        _output: Option<&EncodedData>,
    ) -> Result<(), StoreError> {
        self.book.happened(format!("effect of {}", self.label));
        Ok(())
    }
}

struct ScriptedRead {
    label: &'static str,
    book: Arc<Book>,
    answers: Mutex<VecDeque<Result<(), NotDone>>>,
}

#[async_trait]
impl ReadStep for ScriptedRead {
    fn does(&self) -> &'static str {
        "what the script says"
    }

    async fn read(&self, _context: &JobContext<'_>) -> Result<Output, NotDone> {
        self.book.happened(format!("read {}", self.label));
        let answer = self.answers.lock().unwrap().pop_front();
        answer.expect("the read is in the script").map(|()| None)
    }

    async fn record(
        &self,
        _context: &JobContext<'_>,
        _transaction: &mut dyn HeldTransaction,
        _output: Option<&EncodedData>,
    ) -> Result<(), StoreError> {
        self.book.happened(format!("effect of {}", self.label));
        Ok(())
    }
}

/// Steps of a test, and an end that is written down.
pub(super) struct ScriptedWorkflow {
    steps: Vec<WorkflowStep>,
    book: Arc<Book>,
}

#[async_trait]
impl Workflow for ScriptedWorkflow {
    fn steps(&self) -> &[WorkflowStep] {
        &self.steps
    }

    async fn end(
        &self,
        context: &JobContext<'_>,
        transaction: &mut dyn HeldTransaction,
        event: JobEvent,
    ) -> Result<(), StoreError> {
        self.book.happened(format!("effect of {event:?}"));
        if event == JobEvent::AttentionNeeded {
            let mut environment = context.environment().clone();
            environment.held_by = Some(context.job.id);
            let environments = transaction.environments();
            environments.update_environment(&environment).await?;
        }
        Ok(())
    }
}

pub(super) fn done() -> Sent {
    Sent::Done(None)
}

/// The answer was lost, or left it open with this code.
pub(super) fn doubt(result: Option<i64>) -> Sent {
    Sent::InDoubt {
        reason: "no usable answer".to_owned(),
        answer: result.map(|result| UnclearAnswer {
            result,
            class: RefusalClass::Other,
        }),
    }
}

pub(super) fn failed() -> NotDone {
    NotDone::Failed(failure_without_answer(
        ErrorCode::PlatformQuotaExceeded,
        "no more cloudlets",
    ))
}

pub(super) fn later(reason: WaitReason) -> NotDone {
    NotDone::Later {
        reason,
        after: Duration::from_secs(5),
        detail: "not now".to_owned(),
    }
}
