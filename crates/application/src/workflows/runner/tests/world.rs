//! A store that keeps what was committed and writes down everything in order, and a runner on it.

use crate::sample::{
    CountingIds, HandClock, account, beginning, custody, environment, process_id, running_job,
    team, team_key,
};
use crate::workflows::journal::Journal;
use crate::workflows::runner::{Run, RunEnd, RunError, WorkflowRunner};
use crate::workflows::scene::attempt;
use crate::workflows::settings::WorkflowSettings;
use crate::workflows::step::Workflow;
use crate::workflows::{Lease, StopSignal};
use async_trait::async_trait;
use domain::environment::Environment;
use domain::ids::StepAttemptId;
use domain::job::journal::{AttemptState, Direction, NewStepAttempt, StepAttempt};
use domain::job::{EncodedData, JobEvent, JobFailure, JobLogLevel, JobProgress, WaitReason};
use domain::limits;
use domain::platform_account::StoredSession;
use domain::ports::{
    ApiTokenStore, AuditStore, ClaimedJob, Clock, CommitError, CoordinationUnavailable,
    EnvironmentDetails, EnvironmentStore, HeldTransaction, HoldError, IdSource, IdempotencyStore,
    JobHold, JobJournal, JobStore, MockEventBus, MockHostingPlatform, MockJobQueue, MockReadModel,
    MockTeamLock, MockTeamLockGuard, MockTransaction, MockUnitOfWork, PlatformAccountStore,
    StoreError, TeamStore, Transaction,
};
use domain::turn::TurnScope;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

/// How a commit ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Stored,
    RolledBack,
    /// It is stored, but the answer was lost.
    StoredUnanswered,
    /// It is not stored, and the answer was lost.
    LostUnanswered,
}

/// How the lock answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LockAnswer {
    Taken,
    Down,
}

/// What is stored, what happened, and what is to happen.
#[derive(Default)]
pub(super) struct Pages {
    /// Everything that happened, in order. Log lines and progress are kept beside it.
    pub(super) events: Vec<String>,
    pub(super) journal: Vec<StepAttempt>,
    pub(super) said: Vec<String>,
    pub(super) progress: Vec<JobProgress>,
    pub(super) failure: Option<JobFailure>,
    pub(super) given_back: Option<(JobEvent, WaitReason, Duration)>,
    pub(super) rested: Option<JobEvent>,
    pub(super) environment: Option<Environment>,
    pub(super) is_cancel_requested: bool,
    /// The fence was raised by somebody else.
    pub(super) is_taken_over: bool,
    /// The audit trail cannot be written.
    pub(super) is_audit_broken: bool,
    /// The fates of the next commits; stored when there is none.
    pub(super) fates: VecDeque<Fate>,
    /// How long the next commits take.
    pub(super) commit_times: VecDeque<Duration>,
    /// The answers of the lock; free when there is none.
    pub(super) lock_answers: VecDeque<LockAnswer>,
    labels: HashMap<StepAttemptId, String>,
}

#[derive(Default)]
pub(super) struct Book(Mutex<Pages>);

impl Book {
    pub(super) fn pages(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap()
    }

    pub(super) fn happened(&self, event: impl Into<String>) {
        self.pages().events.push(event.into());
    }
}

type Write = Box<dyn FnOnce(&mut Pages) + Send>;

/// A transaction on the book: nothing of it is there before it is committed.
struct BookTransaction {
    book: Arc<Book>,
    clock: Arc<HandClock>,
    writes: Arc<Mutex<Vec<Write>>>,
    mocks: MockTransaction,
}

impl BookTransaction {
    fn new(book: Arc<Book>, clock: Arc<HandClock>) -> Self {
        let writes: Arc<Mutex<Vec<Write>>> = Arc::default();
        let mut mocks = MockTransaction::default();
        let found = Arc::clone(&book);
        mocks
            .environments
            .expect_find_environment()
            .returning(move |_, _| Ok(found.pages().environment.clone()));
        let updates = Arc::clone(&writes);
        mocks
            .environments
            .expect_update_environment()
            .returning(move |environment| {
                let environment = environment.clone();
                updates
                    .lock()
                    .unwrap()
                    .push(Box::new(|pages| pages.environment = Some(environment)));
                Ok(())
            });
        mocks
            .environments
            .expect_replace_nodes()
            .returning(|_, _, _| Ok(()));
        mocks
            .environments
            .expect_insert_installation()
            .returning(|_| Ok(()));
        mocks
            .environments
            .expect_delete_installations()
            .returning(|_, _| Ok(()));
        mocks
            .environments
            .expect_list_installations()
            .returning(|_, _| Ok(Vec::new()));
        let audited = Arc::clone(&book);
        mocks
            .audit
            .expect_append_audit_event()
            .returning(move |event| {
                if audited.pages().is_audit_broken {
                    return Err(StoreError::Busy);
                }
                audited.happened(format!("audit {}", event.outcome.as_str()));
                Ok(())
            });
        Self {
            book,
            clock,
            writes,
            mocks,
        }
    }

    fn write(&self, write: impl FnOnce(&mut Pages) + Send + 'static) {
        self.writes.lock().unwrap().push(Box::new(write));
    }

    /// Something happens to an attempt, and the book will say so.
    fn change(
        &self,
        attempt: StepAttemptId,
        what: &str,
        change: impl FnOnce(&mut StepAttempt) + Send + 'static,
    ) {
        let label = self.book.pages().labels[&attempt].clone();
        self.book.happened(format!("{label} {what}"));
        self.write(move |pages| {
            let found = pages.journal.iter_mut().find(|stored| stored.id == attempt);
            change(found.expect("the attempt is in the journal"));
        });
    }
}

#[async_trait]
impl Transaction for BookTransaction {
    fn teams(&mut self) -> &mut dyn TeamStore {
        self.mocks.teams()
    }
    fn api_tokens(&mut self) -> &mut dyn ApiTokenStore {
        self.mocks.api_tokens()
    }
    fn platform_accounts(&mut self) -> &mut dyn PlatformAccountStore {
        self.mocks.platform_accounts()
    }
    fn environments(&mut self) -> &mut dyn EnvironmentStore {
        self.mocks.environments()
    }
    fn jobs(&mut self) -> &mut dyn JobStore {
        self.mocks.jobs()
    }
    fn idempotency(&mut self) -> &mut dyn IdempotencyStore {
        self.mocks.idempotency()
    }
    fn audit(&mut self) -> &mut dyn AuditStore {
        self.mocks.audit()
    }

    async fn commit(self: Box<Self>) -> Result<(), CommitError> {
        let mut pages = self.book.pages();
        let fate = pages.fates.pop_front().unwrap_or(Fate::Stored);
        let time = pages.commit_times.pop_front().unwrap_or_default();
        self.clock.advance(time);
        if matches!(fate, Fate::Stored | Fate::StoredUnanswered) {
            for write in self.writes.lock().unwrap().drain(..) {
                write(&mut pages);
            }
        }
        match fate {
            Fate::Stored => {
                pages.events.push("commit".to_owned());
                Ok(())
            }
            Fate::RolledBack => Err(CommitError::RolledBack(StoreError::Busy)),
            Fate::StoredUnanswered | Fate::LostUnanswered => {
                pages.events.push("commit unanswered".to_owned());
                Err(CommitError::OutcomeUnknown("connection reset".into()))
            }
        }
    }
}

impl HeldTransaction for BookTransaction {
    fn journal(&mut self) -> &mut dyn JobJournal {
        self
    }
}

#[async_trait]
impl JobJournal for BookTransaction {
    async fn start_attempt(&mut self, attempt: &NewStepAttempt) -> Result<StepAttempt, StoreError> {
        let is_forward = attempt.direction == Direction::Forward;
        if is_forward && self.book.pages().is_cancel_requested {
            return Err(StoreError::VersionChanged);
        }
        let started_at = self.clock.now();
        let stored = StepAttempt {
            id: attempt.id,
            sequence: i64::try_from(self.book.pages().journal.len()).unwrap() + 1,
            step: attempt.step.clone(),
            direction: attempt.direction,
            state: AttemptState::Started,
            started_at,
            answer_by: started_at.checked_add(attempt.answer_within).unwrap(),
            baseline: attempt.baseline.clone(),
            findings: None,
            output: None,
        };
        let label = super::super::label(&attempt.step, attempt.direction);
        self.book.happened(format!("{label} started"));
        self.book.pages().labels.insert(attempt.id, label);
        let page = stored.clone();
        self.write(|pages| pages.journal.push(page));
        Ok(stored)
    }

    async fn settle_attempt(
        &mut self,
        attempt: StepAttemptId,
        state: AttemptState,
        output: Option<EncodedData>,
    ) -> Result<(), StoreError> {
        self.change(attempt, state.as_str(), move |stored| {
            stored.state = state;
            stored.output = output;
        });
        Ok(())
    }

    async fn record_findings(
        &mut self,
        attempt: StepAttemptId,
        findings: &EncodedData,
    ) -> Result<(), StoreError> {
        let findings = findings.clone();
        self.change(attempt, "findings", move |stored| {
            stored.findings = Some(findings);
        });
        Ok(())
    }

    async fn is_cancel_requested(&mut self) -> Result<bool, StoreError> {
        Ok(self.book.pages().is_cancel_requested)
    }

    async fn append_log(
        &mut self,
        _level: JobLogLevel,
        _step: Option<String>,
        message: &str,
    ) -> Result<(), StoreError> {
        let message = message.to_owned();
        self.write(|pages| pages.said.push(message));
        Ok(())
    }

    async fn set_progress(&mut self, progress: &JobProgress) -> Result<(), StoreError> {
        let progress = progress.clone();
        self.write(|pages| pages.progress.push(progress));
        Ok(())
    }

    async fn set_failure(&mut self, failure: &JobFailure) -> Result<(), StoreError> {
        let failure = failure.clone();
        self.book
            .happened(format!("failure {}", failure.code.as_str()));
        self.write(|pages| pages.failure = Some(failure));
        Ok(())
    }

    async fn give_back(
        &mut self,
        event: JobEvent,
        reason: WaitReason,
        after: Duration,
    ) -> Result<(), StoreError> {
        self.book
            .happened(format!("given back: {}", reason.as_str()));
        self.write(move |pages| pages.given_back = Some((event, reason, after)));
        Ok(())
    }

    async fn come_to_rest(&mut self, event: JobEvent) -> Result<(), StoreError> {
        self.book.happened(format!("rest {event:?}"));
        self.write(move |pages| pages.rested = Some(event));
        Ok(())
    }
}

/// One claimed job, and the world around it.
pub(super) struct World {
    pub(super) book: Arc<Book>,
    pub(super) clock: Arc<HandClock>,
    pub(super) lease: Arc<Lease>,
    pub(super) stop: StopSignal,
    ids: Arc<CountingIds>,
    pub(super) claimed: ClaimedJob,
    pub(super) settings: WorkflowSettings,
    /// Whether the team has an account.
    pub(super) has_account: bool,
    /// How the platform behaves, for workflows that are not scripted.
    pub(super) platform: MockHostingPlatform,
}

impl Default for World {
    fn default() -> Self {
        let clock: Arc<HandClock> = Arc::default();
        let lease: Arc<Lease> = Arc::default();
        lease.renewed_until(clock.instant().plus(limits::JOB_LEASE));
        let book: Arc<Book> = Arc::default();
        book.pages().environment = Some(environment());
        let job = running_job();
        let hold = JobHold {
            job_id: job.id,
            team_id: team(),
            process_id: process_id(),
            fence: 7,
        };
        let turns = vec![
            TurnScope::Team(team()),
            TurnScope::Environment(environment().id),
        ];
        Self {
            book,
            clock,
            lease,
            stop: StopSignal::default(),
            ids: Arc::default(),
            claimed: ClaimedJob {
                hold,
                job,
                turns,
                deaths: 0,
            },
            settings: WorkflowSettings::default(),
            has_account: true,
            platform: MockHostingPlatform::new(),
        }
    }
}

impl World {
    /// Runs the claimed job through its own workflow.
    pub(super) async fn run(&mut self) -> Result<RunEnd, RunError> {
        let runner = self.runner();
        runner.run(&self.claimed, &self.lease, &self.stop).await
    }

    /// Runs the claimed job through this workflow.
    pub(super) async fn carry_out(&mut self, workflow: &dyn Workflow) -> Result<RunEnd, RunError> {
        let runner = self.runner();
        let journal = Journal::new(self.book.pages().journal.clone());
        let mut run = Run {
            claimed: &self.claimed,
            lease: &self.lease,
            job: self.claimed.job.clone(),
            journal,
        };
        runner.carry_out(&mut run, workflow, &self.stop).await
    }

    /// The job is claimed again, as it was stored.
    pub(super) fn claim_again(&mut self) {
        self.claimed.hold.fence += 1;
        let mut pages = self.book.pages();
        pages.events.clear();
        pages.rested = None;
        let job = &mut self.claimed.job;
        job.waiting_for = pages.given_back.take().map(|(_, reason, _)| reason);
        job.failure.clone_from(&pages.failure);
        job.is_cancel_requested = pages.is_cancel_requested;
        drop(pages);
        let end = self.clock.instant().plus(limits::JOB_LEASE);
        self.lease.renewed_until(end);
    }

    pub(super) fn events(&self) -> Vec<String> {
        self.book.pages().events.clone()
    }

    /// What is stored of the attempts: step, by direction, and state.
    pub(super) fn attempts(&self) -> Vec<(String, AttemptState)> {
        let pages = self.book.pages();
        let attempts = pages.journal.iter().map(|attempt| {
            let label = super::super::label(&attempt.step, attempt.direction);
            (label, attempt.state)
        });
        attempts.collect()
    }

    /// How long the world has existed.
    pub(super) fn clock_now(&self) -> Duration {
        self.clock.instant().0
    }

    /// An attempt of an earlier run, started at the beginning.
    pub(super) fn put_attempt(&self, step: &str, state: AttemptState) {
        let mut pages = self.book.pages();
        let number = u128::try_from(pages.journal.len()).unwrap() + 500;
        let answer_within = self.settings.answer_within_short;
        let stored = StepAttempt {
            state,
            answer_by: beginning().checked_add(answer_within).unwrap(),
            ..attempt(number, step)
        };
        pages.labels.insert(stored.id, step.to_owned());
        pages.journal.push(stored);
    }

    /// A step that an earlier run has done.
    pub(super) fn put_done(&self, step: &str) {
        self.put_attempt(step, AttemptState::Done);
    }

    fn runner(&mut self) -> WorkflowRunner {
        let mut events = MockEventBus::new();
        events.expect_publish().return_const(());
        WorkflowRunner {
            unit_of_work: Arc::new(self.unit_of_work()),
            job_queue: Arc::new(self.job_queue()),
            read_model: Arc::new(self.read_model()),
            platform: Arc::new(std::mem::take(&mut self.platform)),
            custody: custody(),
            team_lock: Arc::new(self.team_lock()),
            events: Arc::new(events),
            ids: Arc::clone(&self.ids) as Arc<dyn IdSource>,
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            settings: self.settings,
        }
    }

    fn unit_of_work(&self) -> MockUnitOfWork {
        let (book, clock) = (Arc::clone(&self.book), Arc::clone(&self.clock));
        let expected = self.claimed.hold;
        let mut unit_of_work = MockUnitOfWork::new();
        unit_of_work
            .expect_begin_held()
            .withf(move |hold| *hold == expected)
            .returning(move |_| {
                if book.pages().is_taken_over {
                    return Err(HoldError::Lost);
                }
                book.happened("begin");
                let transaction = BookTransaction::new(Arc::clone(&book), Arc::clone(&clock));
                Ok(Box::new(transaction))
            });
        unit_of_work
    }

    fn job_queue(&self) -> MockJobQueue {
        let book = Arc::clone(&self.book);
        let mut job_queue = MockJobQueue::new();
        job_queue
            .expect_load_journal()
            .returning(move |_| Ok(book.pages().journal.clone()));
        job_queue
    }

    fn read_model(&self) -> MockReadModel {
        let book = Arc::clone(&self.book);
        let has_account = self.has_account;
        let mut read_model = MockReadModel::new();
        read_model.expect_find_environment().returning(move |_, _| {
            let environment = book.pages().environment.clone();
            Ok(environment.map(|environment| EnvironmentDetails {
                environment,
                nodes: Vec::new(),
                installations: Vec::new(),
            }))
        });
        read_model
            .expect_find_platform_account()
            .returning(move |_| Ok(has_account.then(account)));
        read_model.expect_find_session().returning(|_, id| {
            let session = StoredSession {
                account_id: id,
                credential_version: account().credential_version,
                generation: 1,
                sealed_key: None,
            };
            Ok(Some((session, team_key())))
        });
        read_model
    }

    fn team_lock(&self) -> MockTeamLock {
        let book = Arc::clone(&self.book);
        let turns = self.claimed.turns.clone();
        let mut team_lock = MockTeamLock::new();
        team_lock
            .expect_acquire()
            .withf(move |scopes, _| scopes == turns)
            .returning(move |_, _| {
                let answer = book.pages().lock_answers.pop_front();
                match answer {
                    Some(LockAnswer::Taken) => return Ok(None),
                    Some(LockAnswer::Down) => {
                        return Err(CoordinationUnavailable("no route".into()));
                    }
                    None => book.happened("lock"),
                }
                let mut guard = MockTeamLockGuard::new();
                let extended = Arc::clone(&book);
                guard.expect_extend().returning(move |_| {
                    extended.happened("extend");
                    Ok(true)
                });
                let released = Arc::clone(&book);
                guard
                    .expect_release()
                    .returning(move || released.happened("unlock"));
                Ok(Some(Box::new(guard)))
            });
        team_lock
    }
}
