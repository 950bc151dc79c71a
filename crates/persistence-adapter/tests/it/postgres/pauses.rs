//! A pause waits for the steps that are being started, and they for it.

use super::open_store;
use crate::postgres::raw::Raw;
use domain::access::Principal;
use domain::names::PauseReason;
use domain::pause::{MutationPause, PauseScope};
use std::time::Duration;
use testkit::{builders, wait};

/// Whoever has looked and seen no pause commits before there is one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pause_is_stored_only_after_those_who_did_not_see_it_have_ended() {
    let (store, url) = open_store().await;
    let team = store.team().await.team_id;
    let pause = MutationPause {
        scope: PauseScope::Team(team),
        reason: PauseReason::parse("an example").expect("a reason"),
        paused_by: Principal::CommandLine,
        paused_at: builders::moment(),
        ended_at: None,
    };
    let mut starting = store.begin().await;
    let seen = starting.pauses().lock_pauses_of_team(team).await;
    assert_eq!(seen.expect("read").lasting, None);
    let pausing = store.write(async |transaction| {
        transaction.pauses().lock_pauses().await?;
        transaction.pauses().put_pause(&pause).await
    });
    let committing = async {
        let observer = Raw::connect(url.as_str()).await;
        let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                       AND wait_event_type = 'Lock'";
        wait::until("the pause waits", Duration::from_secs(10), async || {
            (observer.number(waiting).await == 1).then_some(())
        })
        .await;
        let found = store.read_model.find_pauses_of_team(team).await;
        assert_eq!(found.expect("read").lasting, None);
        starting.commit().await.expect("committed");
    };
    let (stored, ()) = futures::join!(pausing, committing);
    stored.expect("stored");
    let found = store.read_model.find_pauses_of_team(team).await;
    assert_eq!(found.expect("read").lasting, Some(pause));
}
