//! Leases and fences: who may write for a job.

use super::Store;
use crate::builders;
use domain::job::journal::AttemptState;
use domain::job::{JobLogLevel, JobState};
use domain::ports::{HoldError, JobHold};
use std::time::Duration;

async fn is_lost(store: &Store, hold: &JobHold) -> bool {
    let begun = store.unit_of_work.begin_held(hold).await;
    matches!(begun.map(drop), Err(HoldError::Lost))
}

/// A raised fence, another process or another team: none of them holds the job.
pub async fn a_lost_hold_writes_nothing(store: &Store) {
    let old = store.running_job().await;
    store.job_queue.expire_all_leases().await.expect("expired");
    let new = store.claim_one(store.process()).await.hold;
    assert_eq!((new.job_id, new.fence), (old.job_id, old.fence + 1));
    assert!(is_lost(store, &old).await);
    assert!(
        is_lost(
            store,
            &JobHold {
                process_id: old.process_id,
                ..new
            }
        )
        .await
    );
    assert!(
        is_lost(
            store,
            &JobHold {
                fence: new.fence + 1,
                ..new
            }
        )
        .await
    );
    assert!(
        is_lost(
            store,
            &JobHold {
                team_id: store.team().await.team_id,
                ..new
            }
        )
        .await
    );
    let mut transaction = store.begin_held(&new).await;
    let journal = transaction.journal();
    journal
        .append_log(JobLogLevel::Info, None, "mine")
        .await
        .expect("logged");
    transaction.commit().await.expect("committed");
    assert_eq!(store.job(&new).await.log_sequence, 1);
}

/// The next holder knows how many died before it.
pub async fn an_ended_lease_is_taken_over_and_counts_as_a_death(store: &Store) {
    let first = store.running_job().await;
    assert!(store.claim(store.process(), 10).await.is_empty());
    for deaths in 1..=3 {
        store.job_queue.expire_all_leases().await.expect("expired");
        let claimed = store.claim_one(store.process()).await;
        assert_eq!(claimed.deaths, deaths);
        assert_eq!(claimed.hold.fence, first.fence + i64::from(deaths));
        assert_eq!(claimed.job.state, JobState::Running);
    }
}

/// A process that ends in order leaves its jobs to others at once.
pub async fn leases_given_back_count_as_no_death(store: &Store) {
    let leaving = store.running_job().await;
    let staying = store.running_job().await;
    let give_back = async |running: &[_]| {
        let given_back = store
            .job_queue
            .expire_leases_of(leaving.process_id, running)
            .await;
        given_back.expect("given back");
    };
    give_back(&[leaving.job_id]).await;
    assert!(!is_lost(store, &leaving).await, "it is running");
    give_back(&[]).await;
    assert!(is_lost(store, &leaving).await);
    let claimed = store.claim(store.process(), 10).await;
    assert_eq!(claimed.len(), 1);
    assert_eq!(
        (claimed[0].hold.job_id, claimed[0].deaths),
        (leaving.job_id, 0)
    );
    assert!(!is_lost(store, &staying).await);
}

/// A run that the store broke off gives its job back, unless somebody else has taken it meanwhile.
pub async fn a_job_that_is_handed_back_is_due_later_and_nobody_died(store: &Store) {
    let held = store.running_job().await;
    let hour = Duration::from_hours(1);
    store
        .job_queue
        .hand_back(&held, hour)
        .await
        .expect("given back");
    assert!(is_lost(store, &held).await);
    assert!(store.claim(store.process(), 10).await.is_empty());

    let held = store.running_job().await;
    let hand_back = store.job_queue.hand_back(&held, Duration::ZERO).await;
    hand_back.expect("given back");
    let claimed = store.claim_one(store.process()).await;
    assert_eq!((claimed.hold.job_id, claimed.deaths), (held.job_id, 0));
    assert_eq!(claimed.taken_over_after, None);
    // By the hold of before.
    store
        .job_queue
        .hand_back(&held, hour)
        .await
        .expect("nothing");
    assert!(!is_lost(store, &claimed.hold).await);
}

/// Renewal keeps what is held, also when the lease has ended and nobody came; it wins nothing back.
pub async fn leases_are_renewed_for_the_named_jobs_only(store: &Store) {
    let account = store.team().await;
    let process = store.process();
    for _ in 0..3 {
        store.enqueue(account.team_id, &[]).await;
    }
    let claimed = store.claim(process, 3).await;
    let [kept, dropped, taken] = [0, 1, 2].map(|index| claimed[index].hold);
    store.job_queue.expire_all_leases().await.expect("expired");
    let renew = async |jobs: &[_]| {
        let renewed = store.job_queue.renew_leases(process, jobs).await;
        renewed.expect("renewed")
    };
    assert_eq!(renew(&[]).await, []);
    assert_eq!(renew(&[kept.job_id]).await, [(kept.job_id, kept.fence)]);
    let successor = store.process();
    let mut others: Vec<_> = store
        .claim(successor, 10)
        .await
        .iter()
        .map(|claimed| claimed.hold.job_id)
        .collect();
    others.sort();
    assert_eq!(others, [dropped.job_id, taken.job_id]);
    let all = [kept.job_id, dropped.job_id, taken.job_id];
    assert_eq!(renew(&all).await, [(kept.job_id, kept.fence)]);
}

/// Only deaths without progress in between make a job suspicious.
pub async fn progress_resets_the_count_of_deaths(store: &Store) {
    store.running_job().await;
    store.job_queue.expire_all_leases().await.expect("expired");
    let claimed = store.claim_one(store.process()).await;
    assert_eq!(claimed.deaths, 1);
    // Whoever ends all leases does not know how long they had been over.
    assert_eq!(claimed.taken_over_after, None);
    let attempt = builders::step_attempt(&*store.ids, "create");
    let mut transaction = store.begin_held(&claimed.hold).await;
    let journal = transaction.journal();
    journal.start_attempt(&attempt).await.expect("started");
    let settled = journal
        .settle_attempt(attempt.id, AttemptState::Done, None)
        .await;
    settled.expect("settled");
    transaction.commit().await.expect("committed");
    store.job_queue.expire_all_leases().await.expect("expired");
    assert_eq!(store.claim_one(store.process()).await.deaths, 1);
}
