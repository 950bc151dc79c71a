use super::*;
use futures::FutureExt as _;
use std::pin::pin;

const LONG: Duration = Duration::from_mins(1);

#[tokio::test]
async fn a_wake_up_is_answered_once() {
    let signal = WakeSignal::new();
    signal.wake();
    signal.wake();
    assert!(signal.wait(LONG).now_or_never().is_some());
    let again = signal.wait(LONG).now_or_never();
    assert!(
        again.is_none(),
        "both wake-ups were answered by the first wait"
    );
}

#[tokio::test]
async fn a_wait_that_is_cancelled_answers_nothing() {
    let signal = WakeSignal::new();
    {
        let mut cancelled = pin!(signal.wait(LONG));
        assert!(futures::poll!(cancelled.as_mut()).is_pending());
        signal.wake();
    }
    assert!(signal.wait(LONG).now_or_never().is_some());
}

#[tokio::test]
async fn one_wake_up_wakes_all_who_wait() {
    let signal = WakeSignal::new();
    let mut waiting = pin!(futures::future::join3(
        signal.wait(LONG),
        signal.wait(LONG),
        signal.wait(LONG)
    ));
    assert!(futures::poll!(waiting.as_mut()).is_pending());
    signal.wake();
    assert!(futures::poll!(waiting.as_mut()).is_ready());
}

#[tokio::test]
async fn a_wait_ends_at_its_time() {
    WakeSignal::new().wait(Duration::from_millis(1)).await;
}
