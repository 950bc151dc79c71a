//! The wish to cancel, before, during and after.

use super::Store;
use super::store::job_ids;
use crate::builders;
use domain::ids::{JobId, TeamId};
use domain::job::journal::{Direction, NewStepAttempt};
use domain::job::{JobEvent, JobState, WaitReason};
use domain::ports::{CancelAnswer, StoreError};
use domain::turn::TurnScope;
use std::time::Duration;

async fn cancel(store: &Store, team: TeamId, job: JobId) -> CancelAnswer {
    let mut transaction = store.begin().await;
    let answer = transaction
        .jobs()
        .cancel_job(team, job)
        .await
        .expect("asked");
    transaction.commit().await.expect("committed");
    answer
}

/// Nothing was done, so nothing is to be undone; the next in line moves up.
pub async fn a_job_that_never_began_is_cancelled_at_once(store: &Store) {
    let account = store.team().await;
    let team = account.team_id;
    let turn = [TurnScope::Team(team)];
    let job = store.enqueue(team, &turn).await;
    let next = store.enqueue(team, &turn).await;
    assert_eq!(cancel(store, team, job.id).await, CancelAnswer::Cancelled);
    let found = store.read_model.find_job(team, job.id).await.expect("read");
    let stored = found.expect("the job").job;
    assert_eq!(stored.state, JobState::Cancelled);
    assert!(stored.is_cancel_requested && stored.finished_at.is_some());
    assert_eq!(job_ids(&store.claim(store.process(), 10).await), [next.id]);
    assert_eq!(cancel(store, team, job.id).await, CancelAnswer::TooLate);
}

/// Its worker undoes what was done; asking twice changes nothing.
pub async fn a_job_that_began_is_asked_to_stop(store: &Store) {
    let hold = store.running_job().await;
    for _ in 0..2 {
        let answer = cancel(store, hold.team_id, hold.job_id).await;
        assert_eq!(answer, CancelAnswer::Requested);
        let job = store.job(&hold).await;
        assert_eq!(
            (job.state, job.is_cancel_requested),
            (JobState::Cancelling, true)
        );
    }
    let mut transaction = store.begin_held(&hold).await;
    assert!(
        transaction
            .journal()
            .is_cancel_requested()
            .await
            .expect("read")
    );
    drop(transaction);
    store.job_queue.expire_all_leases().await.expect("expired");
    let successor = store.claim_one(store.process()).await;
    assert_eq!(successor.job.state, JobState::Cancelling);
    store.finish(&successor.hold, JobEvent::Cancelled).await;
    assert_eq!(store.job(&hold).await.state, JobState::Cancelled);
}

/// What has ended, waits for a person or belongs to somebody else cannot be cancelled.
pub async fn a_job_at_rest_is_too_late(store: &Store) {
    for event in [
        JobEvent::Succeeded,
        JobEvent::Failed,
        JobEvent::AttentionNeeded,
    ] {
        let hold = store.running_job().await;
        store.finish(&hold, event).await;
        let before = store.job(&hold).await;
        let answer = cancel(store, hold.team_id, hold.job_id).await;
        assert_eq!(answer, CancelAnswer::TooLate);
        assert_eq!(store.job(&hold).await, before);
    }
    let hold = store.running_job().await;
    let stranger = store.team().await;
    let answer = cancel(store, stranger.team_id, hold.job_id).await;
    assert_eq!(answer, CancelAnswer::TooLate);
    assert_eq!(store.job(&hold).await.state, JobState::Running);
}

/// After the wish only steps that take back may begin.
pub async fn no_forward_step_starts_after_the_wish(store: &Store) {
    let hold = store.running_job().await;
    cancel(store, hold.team_id, hold.job_id).await;
    let mut attempt = builders::step_attempt(&*store.ids, "create");
    let mut transaction = store.begin_held(&hold).await;
    let refused = transaction.journal().start_attempt(&attempt).await;
    assert!(matches!(refused, Err(StoreError::VersionChanged)));
    drop(transaction);
    attempt.direction = Direction::Undo;
    let mut transaction = store.begin_held(&hold).await;
    transaction
        .journal()
        .start_attempt(&attempt)
        .await
        .expect("started");
    transaction.commit().await.expect("committed");
}

/// What has no way back cannot be cancelled any more; once it is clear that it did not happen, it can.
pub async fn a_step_without_a_way_back_is_too_late(store: &Store) {
    let hold = store.running_job().await;
    let attempt = NewStepAttempt {
        is_pivot: true,
        ..builders::step_attempt(&*store.ids, "restart")
    };
    let mut transaction = store.begin_held(&hold).await;
    let started = transaction.journal().start_attempt(&attempt).await;
    started.expect("started");
    transaction.commit().await.expect("committed");
    let before = store.job(&hold).await;
    let answer = cancel(store, hold.team_id, hold.job_id).await;
    assert_eq!(answer, CancelAnswer::TooLate);
    assert_eq!(store.job(&hold).await, before);
    let mut transaction = store.begin_held(&hold).await;
    let cleared = transaction.journal().clear_pivot().await;
    cleared.expect("cleared");
    transaction.commit().await.expect("committed");
    let answer = cancel(store, hold.team_id, hold.job_id).await;
    assert_eq!(answer, CancelAnswer::Requested);
}

/// Nobody wants to wait for the end of a pause that has lost its purpose.
pub async fn a_parked_job_becomes_due_by_the_wish(store: &Store) {
    let hold = store.running_job().await;
    let mut transaction = store.begin_held(&hold).await;
    let hour = Duration::from_hours(1);
    let journal = transaction.journal();
    let parked = journal
        .give_back(JobEvent::Parked, WaitReason::PlatformWork, hour)
        .await;
    parked.expect("parked");
    transaction.commit().await.expect("committed");
    assert!(store.claim(store.process(), 10).await.is_empty());
    cancel(store, hold.team_id, hold.job_id).await;
    let claimed = store.claim_one(store.process()).await;
    assert_eq!(claimed.hold.job_id, hold.job_id);
    assert_eq!(claimed.job.state, JobState::Cancelling);
}
