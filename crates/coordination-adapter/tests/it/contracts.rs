//! What every implementation must do. Each function is one promise of a port; two handles stand for
//! two processes (or for the same one twice).

use crate::scopes::{change_of, environment, job, team};
use domain::ports::{EventBus, TeamLock, TeamLockGuard, WakeUp};
use domain::turn::TurnScope;
use std::time::{Duration, Instant};
use testkit::wait::until;

/// Longer than any test: ends only by being woken, or in failure.
pub(crate) const LONG: Duration = Duration::from_secs(30);
/// What "at once" may take on a busy machine; far below [`LONG`].
pub(crate) const SOON: Duration = Duration::from_secs(10);
const SHORT: Duration = Duration::from_millis(50);

pub(crate) async fn take(
    lock: &dyn TeamLock,
    scopes: &[TurnScope],
    time: Duration,
) -> Option<Box<dyn TeamLockGuard>> {
    lock.acquire(scopes, time).await.unwrap()
}

async fn is_free(lock: &dyn TeamLock, scope: TurnScope) -> bool {
    match take(lock, &[scope], LONG).await {
        Some(guard) => {
            guard.release().await;
            true
        }
        None => false,
    }
}

pub(crate) async fn overlapping_scopes_exclude_each_other(a: &dyn TeamLock, b: &dyn TeamLock) {
    let guard = take(a, &[team(1), environment(1)], LONG).await.unwrap();
    for lock in [a, b] {
        assert!(take(lock, &[team(1)], LONG).await.is_none());
        assert!(take(lock, &[environment(1)], LONG).await.is_none());
        assert!(
            take(lock, &[environment(2), environment(1)], LONG)
                .await
                .is_none()
        );
    }
    let other = take(b, &[team(2), environment(2)], LONG).await.unwrap();
    guard.release().await;
    assert!(is_free(b, team(1)).await);
    assert!(is_free(b, environment(1)).await);
    assert!(
        !is_free(a, team(2)).await,
        "another's lock was released as well"
    );
    other.release().await;
}

pub(crate) async fn all_scopes_are_taken_or_none(a: &dyn TeamLock, b: &dyn TeamLock) {
    let guard = take(a, &[environment(5)], LONG).await.unwrap();
    assert!(
        take(b, &[team(5), environment(5), environment(6)], LONG)
            .await
            .is_none()
    );
    assert!(is_free(b, team(5)).await, "a refused lock kept a scope");
    assert!(
        is_free(b, environment(6)).await,
        "a refused lock kept a scope"
    );
    guard.release().await;
}

pub(crate) async fn a_lock_ends_by_itself_and_then_it_is_lost(a: &dyn TeamLock, b: &dyn TeamLock) {
    let lost = take(a, &[team(7), environment(7)], SHORT).await.unwrap();
    let successor = until("the lock has ended", SOON, async || {
        take(b, &[team(7)], LONG).await
    })
    .await;
    assert!(
        !lost.extend(LONG).await.unwrap(),
        "a lost lock was extended"
    );
    lost.release().await;
    assert!(
        !is_free(b, team(7)).await,
        "a lost lock released that of its successor"
    );
    assert!(successor.extend(LONG).await.unwrap());
    successor.release().await;
    assert!(is_free(a, team(7)).await);
}

pub(crate) async fn an_ended_lock_cannot_be_extended(a: &dyn TeamLock, b: &dyn TeamLock) {
    let ended = take(a, &[team(11)], SHORT).await.unwrap();
    let witness = take(a, &[team(12)], SHORT).await.unwrap();
    until("a lock that was taken later has ended", SOON, async || {
        is_free(b, team(12)).await.then_some(())
    })
    .await;
    assert!(
        !ended.extend(LONG).await.unwrap(),
        "nobody has it, and it was extended"
    );
    assert!(!witness.extend(LONG).await.unwrap());
}

pub(crate) async fn an_extended_lock_outlives_its_first_time(a: &dyn TeamLock, b: &dyn TeamLock) {
    let extended = take(a, &[team(8)], SHORT * 20).await.unwrap();
    assert!(extended.extend(LONG).await.unwrap());
    let witness = take(a, &[team(9)], SHORT * 20).await.unwrap();
    until("a lock of the first time has ended", SOON, async || {
        is_free(b, team(9)).await.then_some(())
    })
    .await;
    assert!(!is_free(b, team(8)).await, "the extension did not count");
    drop(witness);
    extended.release().await;
}

pub(crate) async fn a_forgotten_lock_ends_by_itself(a: &dyn TeamLock, b: &dyn TeamLock) {
    drop(take(a, &[team(10)], SHORT).await.unwrap());
    until("the lock has ended", SOON, async || {
        is_free(b, team(10)).await.then_some(())
    })
    .await;
}

pub(crate) async fn of_many_who_want_a_lock_one_gets_it(a: &dyn TeamLock, b: &dyn TeamLock) {
    for round in 0..20 {
        let scopes = [team(100 + round), environment(100 + round)];
        let reversed = [scopes[1], scopes[0]];
        let (one, two, three, four) = tokio::join!(
            take(a, &scopes, LONG),
            take(b, &reversed, LONG),
            take(a, &reversed, LONG),
            take(b, &scopes, LONG),
        );
        let taken = [one, two, three, four].into_iter().flatten().count();
        assert_eq!(taken, 1, "round {round}");
    }
}

async fn is_woken(wake_up: &dyn WakeUp) -> bool {
    let began = Instant::now();
    wake_up.wait(LONG).await;
    began.elapsed() < SOON
}

/// Answers every wake-up that is there already: some come with connecting.
pub(crate) async fn settle(wake_up: &dyn WakeUp) {
    loop {
        let began = Instant::now();
        wake_up.wait(SHORT * 4).await;
        if began.elapsed() >= SHORT * 4 {
            return;
        }
    }
}

pub(crate) async fn a_wake_up_between_two_waits_is_kept(
    sender: &dyn WakeUp,
    receiver: &dyn WakeUp,
) {
    settle(receiver).await;
    sender.wake().await;
    assert!(is_woken(receiver).await, "the wake-up was lost");
    let began = Instant::now();
    receiver.wait(SHORT).await;
    assert!(began.elapsed() >= SHORT, "one wake-up was answered twice");
}

pub(crate) async fn a_wake_up_ends_a_wait(sender: &dyn WakeUp, receiver: &dyn WakeUp) {
    settle(receiver).await;
    let (woken, ()) = tokio::join!(is_woken(receiver), async {
        tokio::task::yield_now().await;
        sender.wake().await;
    });
    assert!(woken);
}

pub(crate) async fn a_notice_reaches_every_listener(
    sender: &dyn EventBus,
    others: [&dyn EventBus; 2],
) {
    let mut listeners = others.map(EventBus::subscribe);
    sender.publish(change_of(2)).await;
    sender.publish(change_of(1)).await;
    for listener in &mut listeners {
        let began = Instant::now();
        listener.changed(job(1), LONG).await;
        assert!(began.elapsed() < SOON, "the notice did not arrive");
        let began = Instant::now();
        listener.changed(job(3), SHORT).await;
        assert!(
            began.elapsed() >= SHORT,
            "woken for a job that has not changed"
        );
    }
}
