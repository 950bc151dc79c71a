use super::HastenSync;
use crate::sample::{HandClock, id, team, unit_of_work};
use crate::workflows::SyncSettings;
use domain::ports::{Clock, MockTransaction};
use std::sync::Arc;
use std::time::Duration;

fn hasten(settings: SyncSettings) -> (HastenSync, Arc<HandClock>) {
    let clock = Arc::new(HandClock::default());
    let mut transaction = MockTransaction::default();
    transaction
        .reconciliation
        .expect_hasten_sync()
        .withf(|_, pause| *pause == Duration::from_mins(5))
        .returning(|_, _| Ok(()));
    let unit_of_work = unit_of_work(vec![transaction]);
    let hasten = HastenSync::new(unit_of_work, clock.clone(), settings);
    (hasten, clock)
}

#[tokio::test]
async fn many_reads_of_a_team_ask_once_until_records_can_be_old_again() {
    let (hasten, clock) = hasten(SyncSettings::default());
    assert!(hasten.is_wanted(team()));
    assert!(!hasten.is_wanted(team()));
    assert!(hasten.is_wanted(id(51)), "another team is another one");
    hasten.run(team()).await.unwrap();
    clock.advance(Duration::from_mins(5));
    assert!(hasten.is_wanted(team()));
}

#[test]
fn where_syncs_are_off_nobody_asks() {
    let off = SyncSettings {
        interval: Duration::ZERO,
        ..SyncSettings::default()
    };
    assert!(!hasten(off).0.is_wanted(team()));
}

#[test]
fn what_was_never_read_or_long_ago_is_stale() {
    let (hasten, clock) = hasten(SyncSettings::default());
    assert!(hasten.is_stale(None));
    let at = clock.now();
    assert!(!hasten.is_stale(Some(at)));
    clock.advance(Duration::from_secs(301));
    assert!(hasten.is_stale(Some(at)));
}
