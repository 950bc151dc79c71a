//! What a person decides about a job that waits for one.

use super::Store;
use super::store::job_ids;
use crate::builders;
use domain::error_code::ErrorCode;
use domain::job::journal::AttemptState;
use domain::job::{EncodedData, Job, JobAttention, JobEvent, JobFailure, JobLogLevel, JobState};
use domain::page::PageRequest;
use domain::ports::{CancelAnswer, HoldError, JobFilter, JobHold, new_id};
use domain::turn::TurnScope;

async fn waiting(store: &Store) -> JobHold {
    let hold = store.running_job().await;
    let attention = JobAttention {
        code: ErrorCode::NeedsAttention,
        step: Some("restart".to_owned()),
        detail: "nobody knows".to_owned(),
    };
    let mut transaction = store.begin_held(&hold).await;
    let journal = transaction.journal();
    journal.set_attention(&attention).await.expect("stored");
    let rested = journal.come_to_rest(JobEvent::AttentionNeeded).await;
    rested.expect("rests");
    transaction.commit().await.expect("committed");
    assert_eq!(store.job(&hold).await.attention, Some(attention));
    hold
}

async fn reopen(store: &Store, hold: &JobHold, turns: &[TurnScope], is_past_pivot: bool) -> bool {
    let mut transaction = store.begin().await;
    let reopened = transaction
        .jobs()
        .reopen_job(hold.team_id, hold.job_id, turns, is_past_pivot)
        .await
        .expect("asked");
    transaction.commit().await.expect("committed");
    reopened
}

async fn close(store: &Store, hold: &JobHold) -> bool {
    let failure = JobFailure {
        code: ErrorCode::NeedsAttention,
        step: Some("restart".to_owned()),
        platform_code: None,
        is_retryable: false,
        detail: "given up".to_owned(),
        remaining: vec!["restart".to_owned()],
    };
    let mut transaction = store.begin().await;
    let closed = transaction
        .jobs()
        .close_job(hold.team_id, hold.job_id, &failure)
        .await
        .expect("asked");
    transaction.commit().await.expect("committed");
    closed
}

/// A holder from before the rest must not be taken for the new one.
pub async fn a_reopened_job_goes_on_above_its_last_fence(store: &Store) {
    let before = waiting(store).await;
    let turn = TurnScope::Team(before.team_id);
    assert!(reopen(store, &before, &[turn], false).await);
    let job = store.job(&before).await;
    assert_eq!((job.state, job.attention), (JobState::Queued, None));
    let claimed = store.claim_one(before.process_id).await;
    assert_eq!(claimed.hold.job_id, before.job_id);
    assert_eq!(claimed.turns, [turn]);
    assert_eq!(claimed.deaths, 0);
    assert!(claimed.hold.fence > before.fence + 1);
    let refused = store.unit_of_work.begin_held(&before).await.map(drop);
    assert!(matches!(refused, Err(HoldError::Lost)));
    store.finish(&claimed.hold, JobEvent::Succeeded).await;
}

/// Others have waited longer for the turn.
pub async fn a_reopened_job_stands_at_the_end_of_its_lines(store: &Store) {
    let first = waiting(store).await;
    let turn = TurnScope::Team(first.team_id);
    let second = store.enqueue(first.team_id, &[turn]).await;
    assert!(reopen(store, &first, &[turn], false).await);
    let claimed = store.claim(store.process(), 10).await;
    assert_eq!(job_ids(&claimed), [second.id]);
}

/// What a cancellation had begun to take back is still a cancellation.
pub async fn a_reopened_cancellation_is_one_still(store: &Store) {
    let hold = store.running_job().await;
    let mut transaction = store.begin().await;
    let asked = transaction.jobs().cancel_job(hold.team_id, hold.job_id);
    assert_eq!(asked.await.expect("asked"), CancelAnswer::Requested);
    transaction.commit().await.expect("committed");
    store.finish(&hold, JobEvent::AttentionNeeded).await;
    assert!(reopen(store, &hold, &[], false).await);
    assert_eq!(store.job(&hold).await.state, JobState::Cancelling);
    let claimed = store.claim_one(store.process()).await;
    let mut transaction = store.begin_held(&claimed.hold).await;
    let wish = transaction.journal().is_cancel_requested().await;
    assert!(wish.expect("asked"));
    drop(transaction);
    store.finish(&claimed.hold, JobEvent::Cancelled).await;
}

/// A step without a way back happened before the rest.
pub async fn a_job_reopened_past_its_pivot_cannot_be_cancelled(store: &Store) {
    for (is_past_pivot, expected) in [
        (true, CancelAnswer::TooLate),
        (false, CancelAnswer::Requested),
    ] {
        let hold = waiting(store).await;
        assert!(reopen(store, &hold, &[], is_past_pivot).await);
        let mut transaction = store.begin().await;
        let asked = transaction.jobs().cancel_job(hold.team_id, hold.job_id);
        assert_eq!(asked.await.expect("asked"), expected);
    }
}

/// The second one is too late, whatever both decide; a job that waits for nobody takes no decision.
pub async fn only_one_decision_counts(store: &Store) {
    let hold = waiting(store).await;
    let (first, second) = futures::join!(reopen(store, &hold, &[], false), close(store, &hold));
    assert!(first != second, "{first}, {second}");
    assert!(!reopen(store, &hold, &[], false).await);
    assert!(!close(store, &hold).await);
    let running = store.running_job().await;
    assert!(!reopen(store, &running, &[], false).await);
    assert!(!close(store, &running).await);
    assert_eq!(store.job(&running).await.state, JobState::Running);
}

/// It is over, and says what stays.
pub async fn a_closed_job_has_failed_for_good(store: &Store) {
    let hold = waiting(store).await;
    assert!(close(store, &hold).await);
    let job = store.job(&hold).await;
    assert_eq!((job.state, job.attention), (JobState::Failed, None));
    assert_eq!(job.failure.expect("a failure").remaining, ["restart"]);
    assert!(job.finished_at.is_some());
    assert!(store.claim(store.process(), 10).await.is_empty());
}

/// Only what is not settled takes a person's word; the log goes on without a gap.
pub async fn a_verdict_is_written_to_an_open_attempt(store: &Store) {
    let hold = store.running_job().await;
    let attempts = ["look", "restart"].map(|step| builders::step_attempt(&*store.ids, step));
    let mut transaction = store.begin_held(&hold).await;
    let journal = transaction.journal();
    for attempt in &attempts {
        journal.start_attempt(attempt).await.expect("started");
    }
    let settled = journal.settle_attempt(attempts[0].id, AttemptState::Done, None);
    settled.await.expect("settled");
    let said = journal.append_log(JobLogLevel::Info, None, "one").await;
    said.expect("said");
    journal
        .come_to_rest(JobEvent::AttentionNeeded)
        .await
        .expect("rests");
    transaction.commit().await.expect("committed");

    let verdict = EncodedData(r#"{"verdict":"happened"}"#.to_owned());
    let mut transaction = store.begin().await;
    let jobs = transaction.jobs();
    for (attempt, expected) in attempts.iter().zip([false, true]) {
        let written = jobs.record_verdict(hold.job_id, attempt.id, &verdict).await;
        assert_eq!(written.expect("asked"), expected, "{}", attempt.step);
    }
    let said = jobs.append_job_log(hold.team_id, hold.job_id, JobLogLevel::Warning, "two");
    said.await.expect("said");
    transaction.commit().await.expect("committed");

    let journal = store.job_queue.load_journal(hold.job_id).await;
    let findings: Vec<_> = journal
        .expect("loaded")
        .into_iter()
        .map(|it| it.findings)
        .collect();
    assert_eq!(findings, [None, Some(verdict)]);
    let page = PageRequest::new(10, None);
    let log = store.read_model.list_job_log(hold.job_id, page).await;
    let log: Vec<_> = log
        .expect("read")
        .items
        .into_iter()
        .map(|it| it.sequence)
        .collect();
    assert_eq!(log, [1, 2]);
}

/// Those who run the service see the jobs of all teams, and find one without its team.
pub async fn jobs_are_listed_across_teams_newest_first(store: &Store) {
    let waiting = waiting(store).await;
    let mut jobs: Vec<Job> = Vec::new();
    for _ in 0..3 {
        let team = store.team().await.team_id;
        jobs.push(store.enqueue(team, &[]).await);
    }
    let mut newest_first: Vec<_> = jobs.iter().rev().map(|job| job.id).collect();
    newest_first.push(waiting.job_id);
    let list = async |filter: JobFilter, limit, after| {
        let page = PageRequest::new(limit, after);
        let found = store
            .read_model
            .list_jobs(&filter, page)
            .await
            .expect("read");
        let ids: Vec<_> = found.items.iter().map(|job| job.id).collect();
        (ids, found.next_after)
    };
    let (first, next) = list(JobFilter::default(), 3, None).await;
    assert_eq!(first, newest_first[..3]);
    let (second, end) = list(JobFilter::default(), 3, next).await;
    assert_eq!((second.as_slice(), end), (&newest_first[3..], None));
    let of_a_team = JobFilter {
        team_id: Some(jobs[1].team_id),
        ..JobFilter::default()
    };
    assert_eq!(list(of_a_team, 10, None).await.0, [jobs[1].id]);
    let for_a_person = JobFilter {
        state: Some(JobState::NeedsAttention),
        kind: Some(jobs[0].kind),
        ..JobFilter::default()
    };
    assert_eq!(list(for_a_person, 10, None).await.0, [waiting.job_id]);
    let environment = {
        let environment = TurnScope::Environment(new_id(&*store.ids));
        store.enqueue(jobs[0].team_id, &[environment]).await
    };
    let about_it = JobFilter {
        environment_id: environment.environment_id,
        ..JobFilter::default()
    };
    assert_eq!(list(about_it, 10, None).await.0, [environment.id]);
    let team = store.read_model.find_team_of_job(jobs[2].id).await;
    assert_eq!(team.expect("read"), Some(jobs[2].team_id));
}
