use super::{ManualClock, SystemTestClock};
use crate::wait::until;
use domain::ports::Clock;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

const SOON: Duration = Duration::from_secs(10);

#[test]
fn a_manual_clock_moves_both_its_hands_by_what_it_is_told() {
    let clock = ManualClock::new();
    assert_eq!(clock.now().to_string(), "2026-01-01T00:00:00Z");
    let before = clock.instant();
    clock.advance(Duration::from_millis(1500));
    assert_eq!(clock.now().to_string(), "2026-01-01T00:00:01.5Z");
    assert_eq!(before.until(clock.instant()), Duration::from_millis(1500));
}

#[tokio::test]
async fn a_sleeper_wakes_when_its_time_has_come_and_not_before() {
    let clock = Arc::new(ManualClock::new());
    let mut tasks = JoinSet::new();
    let sleeper = Arc::clone(&clock);
    tasks.spawn(async move { sleeper.sleep(Duration::from_secs(10)).await });
    until("one sleeps", SOON, async || {
        (clock.sleepers() == 1).then_some(())
    })
    .await;

    clock.advance(Duration::from_secs(9));
    tokio::task::yield_now().await;
    assert_eq!(clock.sleepers(), 1);
    clock.advance(Duration::from_secs(1));
    until("nobody sleeps", SOON, async || {
        (clock.sleepers() == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_sleeper_is_not_counted_any_more() {
    let clock = ManualClock::new();
    let sleep = clock.sleep(Duration::from_secs(1));
    assert!(tokio::time::timeout(Duration::ZERO, sleep).await.is_err());
    assert_eq!(clock.sleepers(), 0);
}

#[test]
fn the_system_clock_has_no_digits_that_a_database_would_cut() {
    assert_eq!(SystemTestClock.now().as_nanosecond() % 1000, 0);
}
