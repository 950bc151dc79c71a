//! Connections: kept, counted, and never led elsewhere.

use crate::scripted::{Reply, ScriptedServer};
use crate::support::{account, configuration, platforms, short_domain, ticket};
use domain::names::DisplayName;
use domain::ports::{MutationOutcome, PlatformEnvironments, PlatformReadError};
use std::collections::BTreeSet;

const EMPTY: &str = r#"{"result":0,"infos":[]}"#;

#[tokio::test]
async fn one_connection_serves_call_after_call() {
    let server = ScriptedServer::start(vec![Reply::KeptAlive(EMPTY.into())]);
    let platforms = platforms(configuration(&server.base_url));
    let name = DisplayName::parse("Shop").unwrap();
    for _ in 0..50 {
        platforms.list_environments(&account()).await.unwrap();
        let outcome = platforms
            .set_display_name(&account(), ticket(1), &short_domain(), &name)
            .await;
        assert_eq!(outcome, MutationOutcome::Done(()));
    }
    assert_eq!(server.received().len(), 100);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn calls_at_once_share_no_connection_and_leave_theirs_to_the_next() {
    let server = ScriptedServer::start(vec![Reply::KeptAlive(EMPTY.into())]);
    let mut configuration = configuration(&server.base_url);
    configuration.concurrency.per_account = 8;
    let platforms = platforms(configuration);
    let account = account();
    for _ in 0..10 {
        let calls = (0..8).map(|_| platforms.list_environments(&account));
        for found in futures::future::join_all(calls).await {
            found.unwrap();
        }
    }
    assert_eq!(server.received().len(), 80);
    let connections = server.connections();
    println!("{connections} connections for 80 calls, 8 at once");
    assert!(connections <= 8, "{connections}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = ScriptedServer::start(vec![Reply::json(EMPTY)]);
        let target = format!(
            "{}/1.0/environment/control/rest/getenvs",
            elsewhere.base_url
        );
        let server = ScriptedServer::start(vec![Reply::Redirect(status, target)]);
        let platforms = platforms(configuration(&server.base_url));
        let found = platforms.list_environments(&account()).await;
        assert!(matches!(found, Err(PlatformReadError::Unavailable(_))));
        assert_eq!(server.received().len(), 1, "{status}");
        assert_eq!(elsewhere.connections(), 0, "the session would go along");
    }
}

#[tokio::test]
async fn every_attempt_has_a_trace_of_its_own() {
    let server = ScriptedServer::start(vec![
        Reply::Status(503, "<html>"),
        Reply::Reset,
        Reply::json(EMPTY),
    ]);
    let platforms = platforms(configuration(&server.base_url));
    platforms.list_environments(&account()).await.unwrap();
    let mut traces = BTreeSet::new();
    for request in server.received() {
        let trace = request.header("x-trace-id").unwrap().to_owned();
        let standard = request.header("traceparent").unwrap();
        let parts: Vec<&str> = standard.split('-').collect();
        assert_eq!((parts[0], parts[1], parts[3]), ("00", trace.as_str(), "01"));
        assert_eq!(parts[2].len(), 16);
        traces.insert(trace);
    }
    assert_eq!(traces.len(), 3);
}
