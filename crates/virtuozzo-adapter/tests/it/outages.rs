//! What a platform in trouble gets from us: not much more than it would without retries.

use crate::metrics::Tally;
use crate::scripted::{Reply, ScriptedServer};
use crate::support::{account, configuration, platforms};
use domain::ports::PlatformEnvironments;
use virtuozzo_adapter::PlatformConfiguration;

const READS: usize = 2_000;

/// A platform whose breaker stays out of it: the budget alone has to hold.
fn without_breaker(base_url: &str) -> PlatformConfiguration {
    let mut configuration = configuration(base_url);
    configuration.breaker.failures_in_a_row = u32::MAX;
    configuration
}

async fn read_and_fail(configuration: PlatformConfiguration) {
    let platforms = platforms(configuration);
    for _ in 0..READS {
        assert!(platforms.list_environments(&account()).await.is_err());
    }
}

/// 1.1 times as much at most, and more than without any retries.
fn is_hardly_amplified(sent: usize) -> bool {
    sent > READS && sent * 100 <= READS * 110
}

#[tokio::test]
async fn retries_add_a_tenth_at_most_to_an_outage() {
    for (what, reply) in [
        ("HTTP 500", Reply::Status(500, "<html>")),
        ("HTTP 503", Reply::Status(503, "<html>")),
        ("no answer", Reply::Reset),
        ("a page", Reply::Status(200, "<html>")),
    ] {
        let server = ScriptedServer::start(vec![reply]);
        read_and_fail(without_breaker(&server.base_url)).await;
        let sent = server.received().len();
        println!("{what}: {sent} requests for {READS} failing reads");
        assert!(is_hardly_amplified(sent), "{what}: {sent}");
    }
}

#[tokio::test]
async fn retries_add_a_tenth_at_most_when_nobody_listens() {
    let tally = Tally::default();
    let _guard = metrics::set_default_local_recorder(&tally);
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    read_and_fail(without_breaker(&base_url)).await;
    let attempts = tally.count("virtuozzo_requests_total");
    println!("nobody listens: {attempts} attempts for {READS} failing reads");
    assert!(is_hardly_amplified(usize::try_from(attempts).unwrap()));
    assert_eq!(
        tally.count("virtuozzo_retries_total"),
        attempts - READS as u64
    );
}

#[tokio::test]
async fn a_host_that_keeps_failing_gets_hardly_anything() {
    let server = ScriptedServer::start(vec![Reply::Status(500, "<html>")]);
    let mut configuration = configuration(&server.base_url);
    configuration.breaker.open_for = std::time::Duration::from_hours(1);
    read_and_fail(configuration).await;
    let sent = server.received().len();
    println!("{sent} requests for {READS} failing reads with the breaker");
    assert_eq!(sent, 8);
}
