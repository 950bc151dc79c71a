//! Figures about the whole installation.

use super::Store;
use domain::job::{JobEvent, JobState};
use domain::ports::StoreFigures;
use domain::turn::TurnScope;
use std::collections::BTreeMap;
use std::time::Duration;

/// Nothing here takes longer.
const LONG: Duration = Duration::from_mins(2);

async fn figures(store: &Store) -> StoreFigures {
    store.statistics.read_figures().await.expect("read")
}

/// States with jobs in them.
async fn jobs(store: &Store) -> BTreeMap<&'static str, u64> {
    let counted = figures(store).await.jobs.into_iter();
    let counted = counted.map(|(state, count)| (state.as_str(), count));
    counted.filter(|(_, count)| *count > 0).collect()
}

/// Of all teams together; a job at its end is not counted, one that waits for a person is.
pub async fn jobs_are_counted_by_state(store: &Store) {
    assert_eq!(jobs(store).await, BTreeMap::new());
    let finished = store.running_job().await;
    store.finish(&finished, JobEvent::Succeeded).await;
    let resting = store.running_job().await;
    store.finish(&resting, JobEvent::AttentionNeeded).await;
    store.running_job().await;
    for _ in 0..2 {
        let team = store.team().await.team_id;
        store.enqueue(team, &[]).await;
    }
    let expected = [
        (JobState::NeedsAttention.as_str(), 1),
        (JobState::Queued.as_str(), 2),
        (JobState::Running.as_str(), 1),
    ];
    assert_eq!(jobs(store).await, BTreeMap::from(expected));
}

/// One that waits for its turn is not late, and neither is one that is held.
pub async fn only_a_job_that_could_be_taken_makes_the_queue_old(store: &Store) {
    assert_eq!(figures(store).await.oldest_due_job, None);
    let team = store.team().await.team_id;
    let turn = TurnScope::Team(team);
    store.enqueue(team, &[turn]).await;
    let age = figures(store).await.oldest_due_job.expect("it is due");
    assert!(age < LONG, "{age:?}");
    store.claim_one(store.process()).await;
    store.enqueue(team, &[turn]).await;
    assert_eq!(figures(store).await.oldest_due_job, None);
}

/// Nobody can look through an account that is not connected.
pub async fn the_oldest_sync_of_a_connected_account_counts(store: &Store) {
    let account = store.team().await;
    assert_eq!(figures(store).await.oldest_sync, None);
    let ended = store.write(async |transaction| {
        let reconciliation = transaction.reconciliation();
        reconciliation.note_sync_ended(account.team_id).await
    });
    ended.await.expect("noted");
    let age = figures(store).await.oldest_sync.expect("one has ended");
    assert!(age < LONG, "{age:?}");
    let disconnected = store.write(async |transaction| {
        let accounts = transaction.platform_accounts();
        accounts
            .update_platform_account(&account.disconnected())
            .await
    });
    disconnected.await.expect("updated");
    assert_eq!(figures(store).await.oldest_sync, None);
}
