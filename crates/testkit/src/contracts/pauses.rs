//! Pauses of teams and platforms.

use super::Store;
use crate::builders;
use domain::access::Principal;
use domain::ids::TeamId;
use domain::names::{PauseReason, PlatformName};
use domain::pause::{MutationPause, PauseScope, TeamPauses};
use domain::ports::new_id;
use jiff::Timestamp;

fn pause(scope: PauseScope, at: Timestamp) -> MutationPause {
    MutationPause {
        scope,
        reason: PauseReason::parse("the platform is being moved").expect("a reason"),
        paused_by: Principal::CommandLine,
        paused_at: at,
        ended_at: None,
    }
}

async fn put(store: &Store, pause: &MutationPause) {
    let stored = store.write(async |transaction| {
        transaction.pauses().lock_pauses().await?;
        transaction.pauses().put_pause(pause).await
    });
    stored.await.expect("stored");
}

async fn end(store: &Store, scope: &PauseScope, at: Timestamp) -> bool {
    let ended = store.write(async |transaction| transaction.pauses().end_pause(scope, at).await);
    ended.await.expect("written")
}

/// What transactions see and what readers see is the same.
async fn pauses_of(store: &Store, team: TeamId) -> TeamPauses {
    let mut transaction = store.begin().await;
    let held = transaction.pauses().lock_pauses_of_team(team).await;
    drop(transaction);
    let read = store.read_model.find_pauses_of_team(team).await;
    let (held, read) = (held.expect("held"), read.expect("read"));
    assert_eq!(held, read);
    read
}

/// A pause of a team is about that team, and ends once.
pub async fn a_pause_of_a_team_lasts_until_it_is_ended(store: &Store) {
    let (team, other) = (store.team().await.team_id, store.team().await.team_id);
    let paused = pause(PauseScope::Team(team), builders::moment());
    put(store, &paused).await;
    assert_eq!(pauses_of(store, team).await.lasting, Some(paused.clone()));
    assert_eq!(pauses_of(store, other).await, TeamPauses::default());
    let listed = store.read_model.list_lasting_pauses().await;
    assert_eq!(listed.expect("listed"), std::slice::from_ref(&paused));
    assert!(end(store, &paused.scope, paused.paused_at).await);
    assert!(!end(store, &paused.scope, paused.paused_at).await);
    let after = pauses_of(store, team).await;
    assert_eq!(after.lasting, None);
    assert_eq!(after.last_ended_at, Some(paused.paused_at));
    put(store, &paused).await;
    let again = pauses_of(store, team).await;
    assert_eq!(again.lasting, Some(paused));
    assert_eq!(again.last_ended_at, None);
}

/// A pause of a platform is about every team whose account is there, and about no other.
pub async fn a_pause_of_a_platform_is_about_the_teams_with_an_account_there(store: &Store) {
    let now = builders::moment();
    let account = store.team().await;
    let (connected, platform) = (account.team_id, account.platform);
    let without = new_id(&*store.ids);
    let elsewhere = PlatformName::parse("another-platform").expect("a name");
    put(store, &pause(PauseScope::Platform(elsewhere), now)).await;
    assert_eq!(pauses_of(store, connected).await.lasting, None);
    let paused = pause(PauseScope::Platform(platform), now);
    put(store, &paused).await;
    assert_eq!(pauses_of(store, connected).await.lasting, Some(paused));
    assert_eq!(pauses_of(store, without).await.lasting, None);
}
