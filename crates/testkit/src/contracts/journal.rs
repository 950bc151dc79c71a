//! What a holder writes: attempts, log, progress, failure.

use super::Store;
use crate::builders;
use domain::error_code::ErrorCode;
use domain::job::journal::{AttemptState, Direction};
use domain::job::{
    EncodedData, JobEvent, JobFailure, JobLogLevel, JobProgress, JobState, WaitReason,
};
use domain::limits::{JOB_LOG_MESSAGE_LENGTH_MAX, PAGE_SIZE_MAX};
use domain::page::PageRequest;
use domain::ports::{JobHold, StoreError};
use futures::future::join_all;
use std::time::Duration;

/// Numbers begin at 1; baseline, findings and output come back as they were given.
pub async fn attempts_are_numbered_and_settled(store: &Store) {
    let hold = store.running_job().await;
    let data = |text: &str| EncodedData(text.to_owned());
    let mut first = builders::step_attempt(&*store.ids, "create");
    first.baseline = Some(data(r#"{"b":1,"a":2}"#));
    let mut second = builders::step_attempt(&*store.ids, "create");
    second.direction = Direction::Undo;
    let mut transaction = store.begin_held(&hold).await;
    let journal = transaction.journal();
    let started = journal.start_attempt(&first).await.expect("started");
    assert_eq!(
        (started.sequence, started.state),
        (1, AttemptState::Started)
    );
    let within = started.answer_by.duration_since(started.started_at);
    assert_eq!(
        Duration::try_from(within).expect("later"),
        first.answer_within
    );
    journal
        .record_findings(first.id, &data("[1]"))
        .await
        .expect("recorded");
    let settled = journal
        .settle_attempt(first.id, AttemptState::InDoubt, None)
        .await;
    settled.expect("settled");
    let settled = journal
        .settle_attempt(first.id, AttemptState::Done, Some(data("3")))
        .await;
    settled.expect("settled");
    let undo = journal.start_attempt(&second).await.expect("started");
    transaction.commit().await.expect("committed");
    let loaded = store
        .job_queue
        .load_journal(hold.job_id)
        .await
        .expect("loaded");
    assert_eq!(loaded.len(), 2);
    assert_eq!(loaded[1], undo);
    assert_eq!((undo.sequence, undo.direction), (2, Direction::Undo));
    assert_eq!(
        (loaded[0].id, loaded[0].state),
        (first.id, AttemptState::Done)
    );
    assert_eq!(loaded[0].baseline, first.baseline);
    assert_eq!(loaded[0].findings, Some(data("[1]")));
    assert_eq!(loaded[0].output, Some(data("3")));
}

/// What happened cannot unhappen, and another job's attempt is none of ours.
pub async fn what_is_settled_stays_settled(store: &Store) {
    let hold = store.running_job().await;
    let attempt = builders::step_attempt(&*store.ids, "create");
    let mut transaction = store.begin_held(&hold).await;
    let journal = transaction.journal();
    journal.start_attempt(&attempt).await.expect("started");
    let settled = journal
        .settle_attempt(attempt.id, AttemptState::Done, None)
        .await;
    settled.expect("settled");
    transaction.commit().await.expect("committed");
    let stranger = store.running_job().await;
    for hold in [hold, stranger] {
        let mut transaction = store.begin_held(&hold).await;
        let journal = transaction.journal();
        let refused = journal
            .settle_attempt(attempt.id, AttemptState::NotDone, None)
            .await;
        assert!(matches!(refused, Err(StoreError::Inconsistent { .. })));
    }
    let loaded = store
        .job_queue
        .load_journal(hold.job_id)
        .await
        .expect("loaded");
    assert_eq!(loaded[0].state, AttemptState::Done);
}

/// A journal is the truth about a job, so it is never cut.
pub async fn ten_thousand_attempts_load_whole(store: &Store) {
    const COUNT: i64 = 10_000;
    let hold = store.running_job().await;
    let mut transaction = store.begin_held(&hold).await;
    let journal = transaction.journal();
    for _ in 0..COUNT {
        let attempt = builders::step_attempt(&*store.ids, "create");
        journal.start_attempt(&attempt).await.expect("started");
    }
    transaction.commit().await.expect("committed");
    let loaded = store
        .job_queue
        .load_journal(hold.job_id)
        .await
        .expect("loaded");
    let numbers: Vec<_> = loaded.iter().map(|attempt| attempt.sequence).collect();
    assert_eq!(numbers, (1..=COUNT).collect::<Vec<_>>());
}

async fn log(store: &Store, hold: &JobHold, message: &str, is_kept: bool) {
    let mut transaction = store.begin_held(hold).await;
    let step = Some("create".to_owned());
    let logged = transaction
        .journal()
        .append_log(JobLogLevel::Warning, step, message)
        .await;
    logged.expect("logged");
    if is_kept {
        transaction.commit().await.expect("committed");
    }
}

/// Writers at once, some of them rolled back: the numbers that readers see have no gap.
pub async fn the_log_has_no_gap(store: &Store) {
    let hold = store.running_job().await;
    let long = "x".repeat(JOB_LOG_MESSAGE_LENGTH_MAX + 5);
    let writers = (0..20).map(|number| {
        let message = if number == 0 {
            long.clone()
        } else {
            format!("line {number}")
        };
        async move { log(store, &hold, &message, number % 4 != 1).await }
    });
    join_all(writers).await;
    let page = PageRequest::new(PAGE_SIZE_MAX, None);
    let lines = store
        .read_model
        .list_job_log(hold.job_id, page)
        .await
        .expect("read")
        .items;
    let numbers: Vec<_> = lines.iter().map(|line| line.sequence).collect();
    assert_eq!(numbers, (1..=15).collect::<Vec<_>>());
    assert_eq!(store.job(&hold).await.log_sequence, 15);
    assert!(lines.iter().all(|line| line.level == JobLogLevel::Warning));
    let cut = lines
        .iter()
        .find(|line| line.message.ends_with('…'))
        .expect("a cut line");
    assert_eq!(cut.message.chars().count(), JOB_LOG_MESSAGE_LENGTH_MAX);
}

/// A redone step does not take progress back.
pub async fn progress_never_falls(store: &Store) {
    let hold = store.running_job().await;
    for (given, expected) in [(40, 40), (20, 40), (100, 100), (0, 100)] {
        let progress = JobProgress {
            percent: given,
            step: Some(format!("step {given}")),
            steps_done: u16::from(given),
            steps_total: 200,
        };
        let mut transaction = store.begin_held(&hold).await;
        transaction
            .journal()
            .set_progress(&progress)
            .await
            .expect("set");
        transaction.commit().await.expect("committed");
        let stored = store.job(&hold).await.progress;
        assert_eq!(
            stored,
            JobProgress {
                percent: expected,
                ..progress
            }
        );
    }
}

/// The reason for an undo is what the job fails with in the end.
pub async fn a_failure_is_kept_until_the_end(store: &Store) {
    let hold = store.running_job().await;
    let failure = JobFailure {
        remaining: vec!["restart_cp".to_owned(), "restart_bl".to_owned()],
        code: ErrorCode::PlatformRefused,
        step: Some("create".to_owned()),
        platform_code: Some(2338),
        is_retryable: true,
        detail: "no quota left".to_owned(),
    };
    let mut transaction = store.begin_held(&hold).await;
    transaction
        .journal()
        .set_failure(&failure)
        .await
        .expect("set");
    transaction.commit().await.expect("committed");
    store.finish(&hold, JobEvent::Failed).await;
    let job = store.job(&hold).await;
    assert_eq!((job.state, job.failure), (JobState::Failed, Some(failure)));
}

/// The store follows the domain's table, not its caller.
pub async fn an_impossible_event_is_refused(store: &Store) {
    let hold = store.running_job().await;
    for event in [JobEvent::Cancelled, JobEvent::Claimed, JobEvent::Parked] {
        let mut transaction = store.begin_held(&hold).await;
        let refused = transaction.journal().come_to_rest(event).await;
        assert!(
            matches!(refused, Err(StoreError::Inconsistent { .. })),
            "{event:?}"
        );
    }
    for event in [JobEvent::Claimed, JobEvent::Succeeded] {
        let mut transaction = store.begin_held(&hold).await;
        let journal = transaction.journal();
        let refused = journal
            .give_back(event, WaitReason::Turn, Duration::ZERO)
            .await;
        assert!(
            matches!(refused, Err(StoreError::Inconsistent { .. })),
            "{event:?}"
        );
    }
    assert_eq!(store.job(&hold).await.state, JobState::Running);
}
