//! Counting requests: in one process, and in several together.

use coordination_adapter::{LocalRateLimiter, RedisRateLimiter};
use domain::SecretText;
use domain::ports::RateLimiter;
use domain::rate_limit::{RateDemand, RatePolicy, RateScope, RateStanding};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use testkit::clocks::{ManualClock, SystemTestClock};
use testkit::redis::RedisServer;
use testkit::wait::until;

/// Nothing comes back within it.
const WINDOW: Duration = Duration::from_hours(1);
const PATIENCE: Duration = Duration::from_secs(10);

fn demand(scope: RateScope, quota: u32, subject: &str) -> RateDemand {
    RateDemand {
        policy: RatePolicy {
            scope,
            quota: NonZeroU32::new(quota).expect("some"),
            window: WINDOW,
        },
        subject: subject.to_owned(),
    }
}

async fn one(limiter: &dyn RateLimiter, demand: &RateDemand) -> RateStanding {
    let standings = limiter.take(std::slice::from_ref(demand)).await;
    assert_eq!(standings.len(), 1);
    standings[0]
}

async fn is_counted(limiter: &dyn RateLimiter, demand: &RateDemand) -> bool {
    one(limiter, demand).await.retry_after.is_none()
}

/// Of the same scope and subject, from both.
async fn a_quota_is_used_up_together(a: &dyn RateLimiter, b: &dyn RateLimiter) {
    let asked = demand(RateScope::Team, 3, "one");
    for (limiter, left) in [(a, 2), (b, 1), (a, 0)] {
        let standing = one(limiter, &asked).await;
        assert_eq!(standing.remaining, left);
        assert_eq!(standing.retry_after, None);
    }
    for limiter in [a, b] {
        let refused = one(limiter, &asked).await;
        let wait = refused.retry_after.expect("no room");
        assert!(wait <= WINDOW / 3 && wait > WINDOW / 4, "{wait:?}");
        assert_eq!(refused.remaining, 0);
    }
    assert!(is_counted(a, &demand(RateScope::Team, 3, "another")).await);
    assert!(is_counted(a, &demand(RateScope::Jobs, 3, "one")).await);
}

async fn nothing_is_taken_when_one_quota_has_no_room(a: &dyn RateLimiter, b: &dyn RateLimiter) {
    let (narrow, wide) = (
        demand(RateScope::Jobs, 1, "two"),
        demand(RateScope::Team, 2, "two"),
    );
    assert!(is_counted(a, &narrow).await);
    for limiter in [a, b] {
        let both = limiter.take(&[wide.clone(), narrow.clone()]).await;
        assert_eq!(both[0].retry_after, None, "this one has room");
        assert_eq!(both[0].remaining, 2, "and keeps it");
        assert!(both[1].retry_after.is_some());
    }
}

fn local() -> Arc<LocalRateLimiter> {
    Arc::new(LocalRateLimiter::new(Arc::new(ManualClock::new())))
}

fn through(server: &RedisServer) -> RedisRateLimiter {
    let url = SecretText::new(server.url());
    RedisRateLimiter::new(&url, Arc::new(SystemTestClock), PATIENCE).expect("a good URL")
}

#[tokio::test]
async fn one_process_counts() {
    let limiter = local();
    a_quota_is_used_up_together(&*limiter, &*limiter).await;
    nothing_is_taken_when_one_quota_has_no_room(&*limiter, &*limiter).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_count_together() {
    let server = RedisServer::start();
    let (a, b) = (through(&server), through(&server));
    a_quota_is_used_up_together(&a, &b).await;
    nothing_is_taken_when_one_quota_has_no_room(&a, &b).await;
}

#[tokio::test]
async fn what_was_used_comes_back_evenly() {
    let clock = Arc::new(ManualClock::new());
    let limiter = LocalRateLimiter::new(clock.clone());
    let asked = demand(RateScope::Credential, 2, "one");
    assert!(is_counted(&limiter, &asked).await);
    assert!(is_counted(&limiter, &asked).await);
    clock.advance(WINDOW / 2);
    assert!(is_counted(&limiter, &asked).await);
    assert!(!is_counted(&limiter, &asked).await);
}

/// Through a server that keeps what was counted for as long as it matters and no longer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_used_comes_back_in_all_processes() {
    let server = RedisServer::start();
    let (a, b) = (through(&server), through(&server));
    let mut asked = demand(RateScope::Credential, 1, "one");
    asked.policy.window = Duration::from_millis(300);
    assert!(is_counted(&a, &asked).await);
    until("it has come back", PATIENCE, async || {
        is_counted(&b, &asked).await.then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_server_each_process_has_its_share_and_nobody_waits() {
    let mut server = RedisServer::start();
    let limiter = through(&server);
    limiter.set_processes(NonZeroU32::new(2).expect("two"));
    assert!(is_counted(&limiter, &demand(RateScope::Team, 6, "before")).await);
    server.stop();
    // The first that meets the silence is answered by what this process knows.
    assert!(is_counted(&limiter, &demand(RateScope::Team, 6, "before")).await);
    let asked = demand(RateScope::Team, 6, "one");
    let mut counted = 0;
    while is_counted(&limiter, &asked).await {
        counted += 1;
    }
    assert_eq!(counted, 3, "half of it");
    server.restart();
    let fresh = through(&server);
    let asked = demand(RateScope::Jobs, 1000, "two");
    until("they count together again", PATIENCE, async || {
        let before = one(&fresh, &asked).await.remaining;
        is_counted(&limiter, &asked).await;
        let after = one(&fresh, &asked).await.remaining;
        (before - after == 2).then_some(())
    })
    .await;
}
