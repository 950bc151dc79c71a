//! A claimed job, and a runner on the book.

use super::book::{Book, BookTransaction, LockAnswer};
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
use domain::job::journal::{AttemptState, StepAttempt};
use domain::limits;
use domain::pause::TeamPauses;
use domain::platform_account::{PlatformAccount, StoredSession};
use domain::ports::{
    ClaimedJob, Clock, CoordinationUnavailable, EnvironmentDetails, HoldError, IdSource, JobHold,
    MockEventBus, MockHostingPlatform, MockJobQueue, MockObserver, MockReadModel, MockTeamLock,
    MockTeamLockGuard, MockUnitOfWork, Observer,
};
use domain::turn::TurnScope;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

/// One claimed job, and the world around it.
pub(super) struct World {
    pub(super) book: Arc<Book>,
    pub(super) clock: Arc<HandClock>,
    pub(super) observer: Arc<MockObserver>,
    pub(super) lease: Arc<Lease>,
    pub(super) stop: StopSignal,
    ids: Arc<CountingIds>,
    pub(super) claimed: ClaimedJob,
    pub(super) settings: WorkflowSettings,
    /// What the reads of the team's account find, one after the other; the last one stays.
    pub(super) accounts: Arc<Mutex<VecDeque<Option<PlatformAccount>>>>,
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
            observer: Arc::default(),
            claimed: ClaimedJob {
                hold,
                job,
                turns,
                deaths: 0,
                taken_over_after: None,
            },
            settings: WorkflowSettings::default(),
            accounts: Arc::new(Mutex::new([Some(account())].into())),
            platform: MockHostingPlatform::default(),
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

    /// From now on the reads find these.
    pub(super) fn find_accounts<const COUNT: usize>(
        &self,
        found: [Option<PlatformAccount>; COUNT],
    ) {
        *self.accounts.lock().unwrap() = found.into();
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
            observer: Arc::clone(&self.observer) as Arc<dyn Observer>,
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
        let accounts = Arc::clone(&self.accounts);
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
            .returning(move |_| {
                let mut accounts = accounts.lock().unwrap();
                let is_last = accounts.len() == 1;
                let found = accounts.pop_front().unwrap();
                if is_last {
                    accounts.push_back(found.clone());
                }
                Ok(found)
            });
        let pauses = Arc::clone(&self.book);
        read_model.expect_find_pauses_of_team().returning(move |_| {
            let pages = pauses.pages();
            Ok(if pages.is_pause_seen_late {
                TeamPauses::default()
            } else {
                pages.pauses.clone()
            })
        });
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
