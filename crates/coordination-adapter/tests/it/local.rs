//! In process.

use crate::contracts;
use crate::contracts::{LONG, take};
use crate::scopes::team;
use coordination_adapter::LocalCoordination;
use std::time::Duration;

macro_rules! lock_contracts {
    ($($promise:ident;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $promise() {
            let coordination = LocalCoordination::new();
            let (a, b) = (coordination.team_lock(), coordination.team_lock());
            contracts::$promise(a.as_ref(), b.as_ref()).await;
        }
    )*};
}

lock_contracts! {
    overlapping_scopes_exclude_each_other;
    all_scopes_are_taken_or_none;
    a_lock_ends_by_itself_and_then_it_is_lost;
    an_ended_lock_cannot_be_extended;
    an_extended_lock_outlives_its_first_time;
    a_forgotten_lock_ends_by_itself;
    of_many_who_want_a_lock_one_gets_it;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wake_ups_are_kept_and_end_waits() {
    let coordination = LocalCoordination::new();
    let (a, b) = (coordination.wake_up(), coordination.wake_up());
    contracts::a_wake_up_between_two_waits_is_kept(a.as_ref(), b.as_ref()).await;
    contracts::a_wake_up_ends_a_wait(a.as_ref(), b.as_ref()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notices_reach_every_listener() {
    let bus = LocalCoordination::new().event_bus();
    contracts::a_notice_reaches_every_listener(bus.as_ref(), [bus.as_ref(), bus.as_ref()]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_that_ended_unseen_cannot_be_extended() {
    let lock = LocalCoordination::new().team_lock();
    let ended = take(lock.as_ref(), &[team(1)], Duration::ZERO)
        .await
        .unwrap();
    assert!(!ended.extend(LONG).await.unwrap());
}
