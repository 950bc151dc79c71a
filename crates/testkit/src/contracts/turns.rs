//! When a turn is kept and when it is free.

use super::Store;
use super::store::job_ids;
use domain::ids::JobId;
use domain::job::{JobEvent, JobLogLevel, JobState, WaitReason};
use domain::ports::{ClaimedJob, HoldError};
use domain::turn::TurnScope;
use std::time::Duration;

/// Two jobs of one turn; the first is claimed.
async fn first_and_second(store: &Store) -> (ClaimedJob, JobId) {
    let account = store.team().await;
    let turn = [TurnScope::Team(account.team_id)];
    store.enqueue(account.team_id, &turn).await;
    let second = store.enqueue(account.team_id, &turn).await;
    let claimed = store.claim(store.process(), 10).await;
    assert_eq!(claimed.len(), 1);
    (claimed.into_iter().next().expect("one"), second.id)
}

/// A job that waits is still in the middle of its work; whoever resumes it gets the same turns.
pub async fn giving_back_keeps_the_turns(store: &Store) {
    let (first, _) = first_and_second(store).await;
    let cases = [
        (JobEvent::Parked, WaitReason::Settlement, JobState::Waiting),
        (JobEvent::Released, WaitReason::Handover, JobState::Queued),
    ];
    let mut hold = first.hold;
    for (event, reason, state) in cases {
        let mut transaction = store.begin_held(&hold).await;
        let given_back = transaction
            .journal()
            .give_back(event, reason.clone(), Duration::ZERO)
            .await;
        given_back.expect("given back");
        transaction.commit().await.expect("committed");
        let job = store.job(&hold).await;
        assert_eq!((job.state, job.waiting_for.clone()), (state, Some(reason)));
        let old = store.unit_of_work.begin_held(&hold).await;
        assert!(matches!(old.map(drop), Err(HoldError::Lost)));
        let claimed = store.claim(store.process(), 10).await;
        assert_eq!(job_ids(&claimed), [hold.job_id]);
        assert_eq!(claimed[0].turns, first.turns);
        let waited_for = claimed[0].job.waiting_for.clone();
        assert_eq!((claimed[0].deaths, waited_for), (0, job.waiting_for));
        hold = claimed[0].hold;
        let mut transaction = store.begin_held(&hold).await;
        let journal = transaction.journal();
        let logged = journal
            .append_log(JobLogLevel::Info, None, "it got on")
            .await;
        logged.expect("logged");
        transaction.commit().await.expect("committed");
        assert_eq!(store.job(&hold).await.waiting_for, None);
    }
}

/// The next in line can begin the moment the job has ended, and the ended one is held by nobody.
pub async fn coming_to_rest_frees_turns_and_queue_at_once(store: &Store) {
    let (first, second) = first_and_second(store).await;
    store.finish(&first.hold, JobEvent::Succeeded).await;
    let job = store.job(&first.hold).await;
    assert_eq!(job.state, JobState::Succeeded);
    assert!(job.finished_at.is_some());
    let old = store.unit_of_work.begin_held(&first.hold).await;
    assert!(matches!(old.map(drop), Err(HoldError::Lost)));
    let claimed = store.claim(store.process(), 10).await;
    assert_eq!(job_ids(&claimed), [second]);
    store.finish(&claimed[0].hold, JobEvent::Succeeded).await;
    assert_eq!(store.job_queue.next_due_in().await.expect("read"), None);
}

/// Either the job has ended and its turns are free, or neither.
pub async fn rest_that_is_rolled_back_frees_nothing(store: &Store) {
    let (first, _) = first_and_second(store).await;
    let mut transaction = store.begin_held(&first.hold).await;
    let rested = transaction
        .journal()
        .come_to_rest(JobEvent::Succeeded)
        .await;
    rested.expect("the event is possible");
    drop(transaction);
    assert!(store.claim(store.process(), 10).await.is_empty());
    assert_eq!(store.job(&first.hold).await.state, JobState::Running);
    store.finish(&first.hold, JobEvent::Succeeded).await;
}

/// A question for a person must not stop the team.
pub async fn needs_attention_frees_the_turns(store: &Store) {
    let (first, second) = first_and_second(store).await;
    store.finish(&first.hold, JobEvent::AttentionNeeded).await;
    let job = store.job(&first.hold).await;
    assert_eq!(
        (job.state, job.finished_at),
        (JobState::NeedsAttention, None)
    );
    assert_eq!(job_ids(&store.claim(store.process(), 10).await), [second]);
}
