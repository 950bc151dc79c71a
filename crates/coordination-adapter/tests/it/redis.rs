//! Through a real Redis server, which also stops, freezes and forgets.

use crate::contracts::{self, LONG, SOON, take};
use crate::scopes::{change_of, job, team};
use coordination_adapter::{RedisConfigurationError, RedisCoordination, RedisOptions};
use domain::SecretText;
use domain::ports::EventBus;
use std::time::{Duration, Instant};
use testkit::redis::RedisServer;
use testkit::wait::until;

const UNAVAILABLE_WITHIN: Duration = Duration::from_secs(1);

fn connected(server: &RedisServer) -> RedisCoordination {
    let options = RedisOptions {
        // A silent loss is noticed within a test's patience.
        liveness_interval: Duration::from_millis(100),
        ..RedisOptions::default()
    };
    RedisCoordination::connect(&SecretText::new(server.url()), options).unwrap()
}

/// Connected, and known to hear what `sender` says.
async fn hearing(server: &RedisServer, sender: &RedisCoordination) -> RedisCoordination {
    let coordination = connected(server);
    hears(sender, &coordination).await;
    coordination
}

/// Repeats a notice until it arrives. Listeners are also woken by connecting, so this asks for two in
/// a row: the second cannot come from that.
async fn hears(sender: &RedisCoordination, receiver: &RedisCoordination) {
    let mut listener = receiver.event_bus().subscribe();
    let mut heard = 0;
    until("notices arrive", SOON, async || {
        sender.event_bus().publish(change_of(99)).await;
        let began = Instant::now();
        listener.changed(job(99), Duration::from_millis(200)).await;
        heard = if began.elapsed() < Duration::from_millis(200) {
            heard + 1
        } else {
            0
        };
        (heard >= 3).then_some(())
    })
    .await;
}

macro_rules! lock_contracts {
    ($($promise:ident;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $promise() {
            let server = RedisServer::start();
            let (a, b) = (connected(&server), connected(&server));
            contracts::$promise(a.team_lock().as_ref(), b.team_lock().as_ref()).await;
            a.shutdown().await;
            b.shutdown().await;
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
async fn wake_ups_are_kept_and_end_waits_in_all_processes() {
    let server = RedisServer::start();
    let a = connected(&server);
    let b = hearing(&server, &a).await;
    for receiver in [&a, &b] {
        let (sender, receiver) = (a.wake_up(), receiver.wake_up());
        contracts::a_wake_up_between_two_waits_is_kept(sender.as_ref(), receiver.as_ref()).await;
        contracts::a_wake_up_ends_a_wait(sender.as_ref(), receiver.as_ref()).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notices_reach_every_listener_of_all_processes() {
    let server = RedisServer::start();
    let a = connected(&server);
    let b = hearing(&server, &a).await;
    let c = hearing(&server, &a).await;
    let (a, b, c) = (a.event_bus(), b.event_bus(), c.event_bus());
    contracts::a_notice_reaches_every_listener(a.as_ref(), [b.as_ref(), c.as_ref()]).await;
    contracts::a_notice_reaches_every_listener(a.as_ref(), [a.as_ref(), b.as_ref()]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_forgets_loses_locks_and_says_so() {
    let server = RedisServer::start();
    let coordination = connected(&server);
    let lock = coordination.team_lock();
    let lost = take(lock.as_ref(), &[team(1)], LONG).await.unwrap();
    server.flush_all();
    assert!(!lost.extend(LONG).await.unwrap());
    let successor = take(lock.as_ref(), &[team(1)], LONG).await.unwrap();
    lost.release().await;
    assert!(
        successor.extend(LONG).await.unwrap(),
        "the lost lock released that of its successor"
    );
}

/// Whether the lock said within a second that it is not available.
async fn is_unavailable(coordination: &RedisCoordination) -> bool {
    let began = Instant::now();
    let refused = coordination
        .team_lock()
        .acquire(&[team(1)], LONG)
        .await
        .is_err();
    refused && began.elapsed() < UNAVAILABLE_WITHIN
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stops_is_unavailable_at_once_and_all_recovers_after() {
    let mut server = RedisServer::start();
    let a = connected(&server);
    let b = hearing(&server, &a).await;
    let guard = take(a.team_lock().as_ref(), &[team(2)], LONG)
        .await
        .unwrap();
    server.stop();
    for coordination in [&a, &b] {
        assert!(is_unavailable(coordination).await);
        assert!(coordination.ping().await.is_err());
    }
    assert!(
        guard.extend(LONG).await.is_err(),
        "an unavailable server was taken for a lost lock"
    );
    server.restart();
    for (coordination, scope) in [(&a, team(3)), (&b, team(4))] {
        until("the server answers", SOON, async || {
            coordination.ping().await.ok()
        })
        .await;
        let lock = coordination.team_lock();
        assert!(take(lock.as_ref(), &[scope], LONG).await.is_some());
    }
    assert!(!guard.extend(LONG).await.unwrap());
    hears(&a, &b).await;
    hears(&b, &a).await;
    contracts::a_wake_up_between_two_waits_is_kept(a.wake_up().as_ref(), b.wake_up().as_ref())
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frozen_server_is_unavailable_at_once_and_all_recovers_after() {
    let mut server = RedisServer::start();
    let a = connected(&server);
    let b = hearing(&server, &a).await;
    let mut listener = b.event_bus().subscribe();
    until(
        "the listener has noticed that its connection is silent",
        LONG,
        async || {
            server.pause();
            for _ in 0..3 {
                assert!(is_unavailable(&a).await);
            }
            server.resume();
            let began = Instant::now();
            listener.changed(job(1), Duration::from_secs(2)).await;
            (began.elapsed() < Duration::from_secs(2)).then_some(())
        },
    )
    .await;
    until("the server answers", SOON, async || a.ping().await.ok()).await;
    hears(&a, &b).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn listeners_are_woken_once_when_notices_may_have_been_lost() {
    let mut server = RedisServer::start();
    let a = connected(&server);
    let b = hearing(&server, &a).await;
    let mut listener = b.event_bus().subscribe();
    let wake_up = b.wake_up();
    contracts::settle(wake_up.as_ref()).await;
    server.restart();
    let began = Instant::now();
    tokio::join!(listener.changed(job(1), LONG), wake_up.wait(LONG));
    assert!(began.elapsed() < SOON, "nobody said that notices were lost");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn own_listeners_hear_even_without_a_server() {
    let mut server = RedisServer::start();
    let coordination = connected(&server);
    server.stop();
    let bus = coordination.event_bus();
    let mut listener = EventBus::subscribe(bus.as_ref());
    bus.publish(change_of(1)).await;
    let began = Instant::now();
    listener.changed(job(1), LONG).await;
    assert!(began.elapsed() < SOON);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_url_that_is_none_is_refused_without_being_repeated() {
    for url in [
        "",
        "hunter2",
        "http://hunter2@localhost",
        "redis://:hunter2@localhost:port",
    ] {
        let refused =
            RedisCoordination::connect(&SecretText::new(url.to_owned()), RedisOptions::default());
        let error = refused.err().unwrap();
        assert!(matches!(error, RedisConfigurationError::Url), "{url}");
        assert!(!format!("{error:?} {error}").contains("hunter2"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shutdown_ends_the_listener() {
    let server = RedisServer::start();
    let sender = connected(&server);
    let coordination = hearing(&server, &sender).await;
    let bus = coordination.event_bus();
    tokio::time::timeout(SOON, coordination.shutdown())
        .await
        .unwrap();
    let mut listener = bus.subscribe();
    sender.event_bus().publish(change_of(1)).await;
    let began = Instant::now();
    listener.changed(job(1), Duration::from_millis(100)).await;
    assert!(
        began.elapsed() >= Duration::from_millis(100),
        "still listening"
    );
}
