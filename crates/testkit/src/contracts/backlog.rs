//! How many jobs may be on their way.

use super::Store;
use domain::ids::TeamId;
use domain::job::JobEvent;
use domain::ports::{BacklogLimits, FullBacklog};
use std::num::NonZeroU32;

async fn full(store: &Store, team: TeamId, per_team: u32, in_all: u32) -> Option<FullBacklog> {
    let limits = BacklogLimits {
        per_team: NonZeroU32::new(per_team).expect("a limit"),
        in_all: NonZeroU32::new(in_all).expect("a limit"),
    };
    let mut transaction = store.begin().await;
    let found = transaction.jobs().find_full_backlog(team, limits).await;
    found.expect("asked")
}

/// What runs and what waits counts; what has come to rest does not, and neither does what others have
/// accepted against the team's limit.
pub async fn a_backlog_is_full_with_the_last_job_that_there_may_be(store: &Store) {
    let running = store.running_job().await;
    let team = store.team().await.team_id;
    assert_eq!(full(store, team, 1, 1).await, Some(FullBacklog::InAll));
    assert_eq!(full(store, team, 1, 2).await, None);
    store.enqueue(team, &[]).await;
    assert_eq!(full(store, team, 1, 2).await, Some(FullBacklog::OfTeam));
    assert_eq!(full(store, team, 2, 2).await, Some(FullBacklog::InAll));
    assert_eq!(full(store, team, 2, 3).await, None);
    store.finish(&running, JobEvent::AttentionNeeded).await;
    assert_eq!(full(store, team, 2, 2).await, None);
}
