//! A store that keeps what was committed and writes down everything in order.

use crate::sample::{HandClock, access_record};
use async_trait::async_trait;
use domain::access::Permission;
use domain::environment::Environment;
use domain::ids::StepAttemptId;
use domain::job::journal::{AttemptState, Direction, NewStepAttempt, StepAttempt};
use domain::job::{
    EncodedData, JobAttention, JobEvent, JobFailure, JobLogLevel, JobProgress, WaitReason,
};
use domain::pause::TeamPauses;
use domain::ports::{
    AccessStore, ApiTokenStore, AuditStore, Clock, CommitError, EnvironmentStore, HeldTransaction,
    IdempotencyStore, InvitationStore, JobJournal, JobStore, KeyStore, LoginThrottleStore,
    MembershipStore, MockTransaction, PauseStore, PeopleStore, PlatformAccountStore,
    ReconciliationStore, RoleStore, StoreError, TeamStore, Transaction, UserSessionStore,
    WebhookStore,
};
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
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that can go wrong, alone or with others"
)]
pub(super) struct Pages {
    /// Everything that happened, in order. Log lines and progress are kept beside it.
    pub(super) events: Vec<String>,
    pub(super) journal: Vec<StepAttempt>,
    pub(super) said: Vec<String>,
    pub(super) progress: Vec<JobProgress>,
    pub(super) failure: Option<JobFailure>,
    pub(super) attention: Option<JobAttention>,
    pub(super) given_back: Option<(JobEvent, WaitReason, Duration)>,
    pub(super) rested: Option<JobEvent>,
    pub(super) environment: Option<Environment>,
    pub(super) is_cancel_requested: bool,
    /// A step without a way back has begun.
    pub(super) is_past_pivot: bool,
    /// The principal is no member any more.
    pub(super) are_rights_lost: bool,
    /// What is paused, or was.
    pub(super) pauses: TeamPauses,
    /// Only transactions see the pause.
    pub(super) is_pause_seen_late: bool,
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
    pub(super) labels: HashMap<StepAttemptId, String>,
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
pub(super) struct BookTransaction {
    book: Arc<Book>,
    clock: Arc<HandClock>,
    writes: Arc<Mutex<Vec<Write>>>,
    mocks: MockTransaction,
}

impl BookTransaction {
    pub(super) fn new(book: Arc<Book>, clock: Arc<HandClock>) -> Self {
        let writes: Arc<Mutex<Vec<Write>>> = Arc::default();
        let mut mocks = MockTransaction::default();
        let rights = Arc::clone(&book);
        mocks.access.expect_lock_access().returning(move |_, _| {
            let mut record = access_record(Permission::ALL);
            if rights.pages().are_rights_lost {
                record.team.as_mut().unwrap().role = None;
            }
            Ok(Some(record))
        });
        let pauses = Arc::clone(&book);
        mocks
            .pauses
            .expect_lock_pauses_of_team()
            .returning(move |_| Ok(pauses.pages().pauses.clone()));
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
    fn access(&mut self) -> &mut dyn AccessStore {
        self.mocks.access()
    }
    fn people(&mut self) -> &mut dyn PeopleStore {
        self.mocks.people()
    }
    fn user_sessions(&mut self) -> &mut dyn UserSessionStore {
        self.mocks.user_sessions()
    }
    fn login_throttle(&mut self) -> &mut dyn LoginThrottleStore {
        self.mocks.login_throttle()
    }
    fn memberships(&mut self) -> &mut dyn MembershipStore {
        self.mocks.memberships()
    }
    fn roles(&mut self) -> &mut dyn RoleStore {
        self.mocks.roles()
    }
    fn invitations(&mut self) -> &mut dyn InvitationStore {
        self.mocks.invitations()
    }
    fn keys(&mut self) -> &mut dyn KeyStore {
        self.mocks.keys()
    }
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
    fn reconciliation(&mut self) -> &mut dyn ReconciliationStore {
        self.mocks.reconciliation()
    }
    fn jobs(&mut self) -> &mut dyn JobStore {
        self.mocks.jobs()
    }
    fn pauses(&mut self) -> &mut dyn PauseStore {
        self.mocks.pauses()
    }
    fn idempotency(&mut self) -> &mut dyn IdempotencyStore {
        self.mocks.idempotency()
    }
    fn webhooks(&mut self) -> &mut dyn WebhookStore {
        self.mocks.webhooks()
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
        let is_pivot = attempt.is_pivot;
        self.write(move |pages| {
            pages.journal.push(page);
            pages.is_past_pivot |= is_pivot;
        });
        Ok(stored)
    }

    async fn clear_pivot(&mut self) -> Result<(), StoreError> {
        self.write(|pages| pages.is_past_pivot = false);
        Ok(())
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

    async fn set_attention(&mut self, attention: &JobAttention) -> Result<(), StoreError> {
        let attention = attention.clone();
        self.write(|pages| pages.attention = Some(attention));
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
