//! The transactions in the life of one job, as acceptance and runner make them.

use super::rig::{Customer, Rig};
use domain::access::{AccessSubject, Principal};
use domain::ids::EnvironmentId;
use domain::job::journal::AttemptState;
use domain::job::{JobEvent, JobKind, JobLogLevel, JobProgress};
use domain::names::IdempotencyKey;
use domain::ports::{
    BacklogLimits, ClaimedJob, HeldTransaction, IdSource as _, IdempotencyRecord, IdempotencyScope,
    JobHold, StoreError, Transaction, WritePriority,
};
use domain::turn::TurnScope;
use std::num::NonZeroU32;
use testkit::builders;

const STEP: &str = "run_action";
const UNLIMITED: NonZeroU32 = NonZeroU32::MAX;

impl Rig {
    /// Rights, idempotency record, backlog, job and audit row, in one transaction.
    pub(super) async fn accept(&self, customer: &Customer, environment: EnvironmentId) {
        let store = &self.store;
        let ids = &*store.ids;
        let team = customer.team;
        let mut job = builders::job(ids, team, JobKind::MbadminRun, Some(environment));
        job.principal = Principal::User(customer.user);
        let scope = IdempotencyScope {
            team_id: team,
            principal: job.principal.as_text(),
            operation: "mbadmin.run",
            key: IdempotencyKey::parse(&ids.uuid().to_string()).expect("a key"),
        };
        let mut transaction = self.begin_when_there_is_room().await;
        let session = AccessSubject::Session(customer.session);
        let rights = transaction.access().lock_access(session, Some(team)).await;
        assert!(rights.expect("read").is_some());
        let known = transaction
            .idempotency()
            .find_idempotency_record(&scope)
            .await;
        assert!(known.expect("read").is_none());
        let limits = BacklogLimits {
            per_team: UNLIMITED,
            in_all: UNLIMITED,
        };
        let full = transaction.jobs().find_full_backlog(team, limits).await;
        assert!(full.expect("read").is_none());
        let record = IdempotencyRecord {
            fingerprint: vec![7; 32],
            job_id: job.id,
        };
        let remembered = transaction
            .idempotency()
            .insert_idempotency_record(&scope, &record)
            .await;
        remembered.expect("remembered");
        let turns = [TurnScope::Environment(environment)];
        let enqueued = transaction.jobs().enqueue_job(&job, &turns).await;
        enqueued.expect("accepted");
        let event = builders::audit_event(ids, team);
        let written = transaction.audit().append_audit_event(&event).await;
        written.expect("kept");
        transaction.commit().await.expect("stored");
        self.wake.notify_one();
    }

    /// Who asks is told to come again when workers have all of the writer, and does.
    async fn begin_when_there_is_room(&self) -> Box<dyn Transaction> {
        loop {
            match self
                .store
                .unit_of_work
                .begin(WritePriority::Interactive)
                .await
            {
                Ok(transaction) => return transaction,
                Err(StoreError::Busy) => {}
                Err(error) => panic!("no transaction begins: {error}"),
            }
        }
    }

    /// From the claim to the end: intent, outcome and rest, each with a note and the progress.
    pub(super) async fn carry_out(&self, claimed: &ClaimedJob) {
        let hold = &claimed.hold;
        let attempt = builders::step_attempt(&*self.store.ids, STEP);
        let mut transaction = self.store.begin_held(hold).await;
        let subject = claimed.job.principal.subject().expect("a person asked");
        let rights = transaction
            .access()
            .lock_access(subject, Some(hold.team_id))
            .await;
        assert!(rights.expect("read").is_some());
        let started = transaction.journal().start_attempt(&attempt).await;
        started.expect("started");
        note(&mut *transaction, "run_action begins", 10).await;
        self.store_changes(transaction, hold).await;

        let mut transaction = self.store.begin_held(hold).await;
        let journal = transaction.journal();
        let settled = journal.settle_attempt(attempt.id, AttemptState::Done, None);
        settled.await.expect("settled");
        note(&mut *transaction, "run_action is done", 90).await;
        self.store_changes(transaction, hold).await;

        let mut transaction = self.store.begin_held(hold).await;
        note(&mut *transaction, "the job is done", 100).await;
        let event = builders::audit_event(&*self.store.ids, hold.team_id);
        let rested = transaction
            .journal()
            .come_to_rest(JobEvent::Succeeded)
            .await;
        rested.expect("at rest");
        let written = transaction.audit().append_audit_event(&event).await;
        written.expect("kept");
        self.store_changes(transaction, hold).await;
    }

    async fn store_changes(&self, transaction: Box<dyn HeldTransaction>, hold: &JobHold) {
        transaction.commit().await.expect("stored");
        // Nobody may be listening.
        drop(self.notices.send(hold.job_id));
    }
}

async fn note(transaction: &mut dyn HeldTransaction, message: &str, percent: u8) {
    let progress = JobProgress {
        percent,
        step: Some(STEP.to_owned()),
        steps_done: 0,
        steps_total: 1,
    };
    let journal = transaction.journal();
    let set = journal.set_progress(&progress).await;
    set.expect("set");
    let step = Some(STEP.to_owned());
    let logged = journal.append_log(JobLogLevel::Info, step, message).await;
    logged.expect("logged");
}
