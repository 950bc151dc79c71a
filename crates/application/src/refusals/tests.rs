use super::{BATCH_MAX, KINDS_MAX, Noted, RefusalRecorder, RefusedCaller, WAITING_MAX, WINDOW};
use crate::sample::{CountingIds, HandClock, actor, id, origin, owner, person, team};
use domain::access::{Actor, PermissionSet, Principal};
use domain::audit::{AuditEvent, AuditOutcome};
use domain::error_code::ErrorCode;
use domain::ports::{CommitError, MockTransaction, MockUnitOfWork, StoreError};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const ROUTE: &str = "PUT /v1/teams/{team_id}/platform-account";
const DENIED: ErrorCode = ErrorCode::PermissionDenied;

/// A recorder on a store that keeps what was committed, transaction by transaction.
struct Recording {
    recorder: RefusalRecorder,
    clock: Arc<HandClock>,
    written: Arc<Mutex<Vec<Vec<AuditEvent>>>>,
    /// What the next commits answer instead of success.
    errors: Arc<Mutex<VecDeque<CommitError>>>,
}

impl Recording {
    fn begin() -> Self {
        let clock: Arc<HandClock> = Arc::default();
        let written: Arc<Mutex<Vec<Vec<AuditEvent>>>> = Arc::default();
        let errors: Arc<Mutex<VecDeque<CommitError>>> = Arc::default();
        let (into, failing) = (Arc::clone(&written), Arc::clone(&errors));
        let mut unit_of_work = MockUnitOfWork::new();
        unit_of_work.expect_begin().returning(move |_| {
            let error = failing.lock().unwrap().pop_front();
            if error.is_none() {
                into.lock().unwrap().push(Vec::new());
            }
            let mut transaction = MockTransaction {
                commit_error: error,
                ..MockTransaction::default()
            };
            let is_kept = transaction.commit_error.is_none();
            let into = Arc::clone(&into);
            transaction
                .audit
                .expect_append_audit_event()
                .returning(move |event| {
                    if is_kept {
                        let mut written = into.lock().unwrap();
                        written.last_mut().unwrap().push(event.clone());
                    }
                    Ok(())
                });
            Ok(Box::new(transaction))
        });
        Self {
            recorder: RefusalRecorder::new(
                Arc::new(unit_of_work),
                Arc::new(CountingIds::default()),
                clock.clone(),
            ),
            clock,
            written,
            errors,
        }
    }

    fn lines(&self) -> Vec<AuditEvent> {
        self.written
            .lock()
            .unwrap()
            .iter()
            .flatten()
            .cloned()
            .collect()
    }

    fn details(&self) -> Vec<String> {
        let lines = self.lines().into_iter();
        lines.map(|line| line.detail.unwrap_or_default()).collect()
    }
}

fn caller() -> RefusedCaller {
    RefusedCaller::Actor(actor(&[]))
}

fn stranger(number: usize) -> RefusedCaller {
    let user = id(u128::try_from(number).unwrap() + 10_000);
    let principal = Principal::User(user);
    RefusedCaller::Actor(Actor::new(team(), principal, PermissionSet::NONE, origin()))
}

#[tokio::test]
async fn the_first_refusal_of_a_minute_is_a_line_and_its_repeats_are_one_more() {
    let recording = Recording::begin();
    let note = || recording.recorder.note(&caller(), ROUTE, DENIED);
    assert_eq!(note(), Noted::Taken);
    assert_eq!(recording.recorder.flush(false).await, 0);
    let lines = recording.lines();
    assert_eq!(lines.len(), 1, "it does not wait for the minute to end");
    let line = &lines[0];
    assert_eq!(line.team_id, Some(team()));
    assert_eq!(line.principal, owner().principal());
    assert_eq!(
        line.credential,
        owner().subject().unwrap().credential_text()
    );
    assert_eq!(
        (line.action.as_str(), line.target.as_str()),
        ("request.refuse", ROUTE)
    );
    assert_eq!(line.outcome, AuditOutcome::Refused);
    assert_eq!(line.request_id, Some(origin().request_id));
    for _ in 0..41 {
        assert_eq!(note(), Noted::Repeated);
    }
    recording.clock.advance(Duration::from_millis(59_999));
    recording.recorder.flush(false).await;
    assert_eq!(recording.details(), ["permission-denied"]);
    recording.clock.advance(Duration::from_millis(1));
    recording.recorder.flush(false).await;
    let counted = "permission-denied; 41 more within a minute";
    assert_eq!(recording.details(), ["permission-denied", counted]);
    // The minute is over: the next one is a first one again.
    assert_eq!(note(), Noted::Taken);
    recording.recorder.flush(false).await;
    assert_eq!(recording.details()[2..], ["permission-denied"]);
}

#[tokio::test]
async fn a_count_is_written_although_nobody_flushed_between_two_minutes() {
    let recording = Recording::begin();
    for _ in 0..3 {
        recording.recorder.note(&caller(), ROUTE, DENIED);
    }
    recording.clock.advance(WINDOW);
    let noted = recording.recorder.note(&caller(), ROUTE, DENIED);
    assert_eq!(noted, Noted::Taken);
    recording.recorder.flush(false).await;
    let first = "permission-denied";
    let counted = "permission-denied; 2 more within a minute";
    assert_eq!(recording.details(), [first, counted, first]);
}

#[tokio::test]
async fn another_principal_route_or_code_is_another_refusal() {
    let recording = Recording::begin();
    let recorder = &recording.recorder;
    let person = RefusedCaller::Person(Box::new(person()));
    assert_eq!(recorder.note(&caller(), ROUTE, DENIED), Noted::Taken);
    assert_eq!(recorder.note(&person, ROUTE, DENIED), Noted::Taken);
    assert_eq!(recorder.note(&caller(), "GET /v1/me", DENIED), Noted::Taken);
    let code = ErrorCode::SessionKeyNotAccepted;
    assert_eq!(recorder.note(&caller(), ROUTE, code), Noted::Taken);
    recorder.flush(false).await;
    let lines = recording.lines();
    assert_eq!(lines.len(), 4);
    let of_system: Vec<_> = lines.iter().filter(|it| it.team_id.is_none()).collect();
    assert_eq!(of_system.len(), 1, "a person apart from any team");
    assert!(matches!(of_system[0].principal, Principal::User(_)));
    assert_eq!(of_system[0].outcome, AuditOutcome::Refused);
}

#[tokio::test]
async fn the_last_flush_leaves_no_count_behind() {
    let recording = Recording::begin();
    for _ in 0..2 {
        recording.recorder.note(&caller(), ROUTE, DENIED);
    }
    recording.recorder.flush(true).await;
    let counted = "permission-denied; 1 more within a minute";
    assert_eq!(recording.details(), ["permission-denied", counted]);
}

#[tokio::test]
async fn what_waits_and_what_is_remembered_is_bounded_and_losses_are_counted() {
    let recording = Recording::begin();
    let recorder = &recording.recorder;
    let mut noted = [0_u64; 2];
    for number in 0..KINDS_MAX + 5 {
        match recorder.note(&stranger(number), ROUTE, DENIED) {
            Noted::Taken => noted[0] += 1,
            Noted::Dropped => noted[1] += 1,
            Noted::Repeated => panic!("nobody comes twice"),
        }
    }
    assert_eq!(noted[0], u64::try_from(WAITING_MAX).unwrap());
    assert_eq!(recorder.book().recent.len(), KINDS_MAX);
    assert_eq!(recorder.flush(false).await, noted[1], "each loss once");
    assert_eq!(recorder.flush(false).await, 0);
    assert_eq!(recording.lines().len(), WAITING_MAX);
    let written = recording.written.lock().unwrap();
    let largest = written.iter().map(Vec::len).max();
    assert_eq!(
        largest,
        Some(BATCH_MAX),
        "no transaction holds a trail for long"
    );
}

#[tokio::test]
async fn lines_wait_while_the_store_fails_and_are_not_written_twice() {
    let recording = Recording::begin();
    recording.recorder.note(&caller(), ROUTE, DENIED);
    let rolled_back = CommitError::RolledBack(StoreError::Busy);
    recording.errors.lock().unwrap().push_back(rolled_back);
    recording.recorder.flush(false).await;
    assert_eq!(recording.lines(), []);
    recording.recorder.flush(false).await;
    recording.recorder.flush(false).await;
    assert_eq!(recording.details(), ["permission-denied"]);

    recording.recorder.note(&stranger(1), ROUTE, DENIED);
    let unknown = CommitError::OutcomeUnknown("connection reset".into());
    recording.errors.lock().unwrap().push_back(unknown);
    recording.recorder.flush(false).await;
    recording.recorder.flush(false).await;
    assert_eq!(recording.lines().len(), 1);
}
