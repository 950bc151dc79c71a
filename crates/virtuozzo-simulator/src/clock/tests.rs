use std::time::Duration;

use futures::FutureExt;

use super::SimulatorClock;

#[tokio::test]
async fn a_frozen_clock_moves_only_when_advanced() {
    let clock = SimulatorClock::starting_now();
    clock.freeze();
    let start = clock.now_ms();
    let mut sleeping = std::pin::pin!(clock.sleep_until(start + 1_000));
    assert!(
        (&mut sleeping).now_or_never().is_none(),
        "nobody moved the clock"
    );
    clock.advance(Duration::from_millis(999));
    assert!(
        (&mut sleeping).now_or_never().is_none(),
        "one millisecond is missing"
    );
    clock.advance(Duration::from_millis(1));
    sleeping.await;
    assert_eq!(clock.now_ms(), start + 1_000);
}

#[tokio::test]
async fn advancing_a_running_clock_wakes_its_sleepers() {
    let clock = SimulatorClock::starting_now();
    let hour_ms = 3_600_000;
    let mut sleeping = std::pin::pin!(clock.sleep_until(clock.now_ms() + hour_ms));
    assert!((&mut sleeping).now_or_never().is_none());
    clock.advance(Duration::from_millis(hour_ms));
    sleeping.await;
}

#[tokio::test]
async fn a_resumed_clock_runs_on_from_where_it_stood() {
    let clock = SimulatorClock::starting_now();
    clock.freeze();
    let frozen_at = clock.now_ms();
    clock.resume();
    clock.sleep_until(frozen_at + 1).await;
    assert!(clock.now_ms() > frozen_at);
}
