//! Counting attempts.

use super::Store;
use crate::wait;
use futures::future::join_all;
use std::time::Duration;

const LIMIT: i64 = 3;

async fn attempt(store: &Store, subject: &str, window: Duration) -> Option<Duration> {
    store
        .write(async |transaction| {
            let throttle = transaction.login_throttle();
            throttle.count_attempt(subject, LIMIT, window).await
        })
        .await
        .expect("counted")
}

/// Up to the limit; then nobody, for what is left of the window; each subject for itself.
pub async fn attempts_above_the_limit_have_to_wait(store: &Store) {
    let window = Duration::from_mins(5);
    for _ in 0..LIMIT {
        assert_eq!(attempt(store, "account:1", window).await, None);
    }
    let wait = attempt(store, "account:1", window)
        .await
        .expect("throttled");
    assert!(wait <= window && wait > Duration::from_mins(4), "{wait:?}");
    assert_eq!(attempt(store, "account:2", window).await, None);
    store
        .write(async |transaction| {
            transaction
                .login_throttle()
                .forget_attempts("account:1")
                .await
        })
        .await
        .expect("forgotten");
    assert_eq!(attempt(store, "account:1", window).await, None);
}

/// Attempts at once all count.
pub async fn attempts_at_once_all_count(store: &Store) {
    let window = Duration::from_mins(5);
    let attempts = (0..12).map(|_| attempt(store, "address:1", window));
    let answers = join_all(attempts).await;
    let let_in = answers.iter().filter(|answer| answer.is_none()).count();
    assert_eq!(i64::try_from(let_in), Ok(LIMIT));
}

/// When the window has passed, counting begins anew.
pub async fn a_window_ends(store: &Store) {
    let window = Duration::from_millis(200);
    wait::until(
        "a burst fits into a window",
        Duration::from_secs(10),
        async || {
            for _ in 0..LIMIT {
                attempt(store, "account:3", window).await;
            }
            attempt(store, "account:3", window).await
        },
    )
    .await;
    wait::until(
        "the window has passed",
        Duration::from_secs(10),
        async || {
            attempt(store, "account:3", window)
                .await
                .is_none()
                .then_some(())
        },
    )
    .await;
}
