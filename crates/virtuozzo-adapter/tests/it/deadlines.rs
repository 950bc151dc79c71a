//! Windows, limits, retries and what is said about each.

use crate::scripted::{Reply, ScriptedServer};
use crate::support::{account, clock, configuration, platforms, short_domain, ticket};
use domain::names::DisplayName;
use domain::ports::{
    MutationOutcome, MutationTicket, NotSentReason, PlatformEnvironments, PlatformReadError,
    PlatformSoftware,
};
use std::time::Duration;

const EMPTY: &str = r#"{"result":0,"infos":[]}"#;

async fn set_name(
    platforms: &virtuozzo_adapter::VirtuozzoPlatforms,
    ticket: MutationTicket,
) -> MutationOutcome<()> {
    let name = DisplayName::parse("Shop").unwrap();
    platforms
        .set_display_name(&account(), ticket, &short_domain(), &name)
        .await
}

#[tokio::test]
async fn a_large_body_that_nobody_reads_is_given_up_when_the_window_closes() {
    // Accepts connections and reads nothing.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let platforms = platforms(configuration(&format!(
        "http://{}",
        listener.local_addr().unwrap()
    )));
    let mut package = crate::support::package();
    package.source = "x".repeat(16 * 1024 * 1024);
    let mut ticket = ticket(1);
    ticket.send_by = clock().instant().plus(Duration::from_millis(500));
    let outcome = platforms
        .install_package(&account(), ticket, &short_domain(), &package)
        .await;
    assert!(
        matches!(&outcome, MutationOutcome::MaybeApplied { reason, answer: None } if reason.contains("window")),
        "{outcome:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_that_gives_up_closes_the_connection() {
    let server = ScriptedServer::start(vec![Reply::Silence]);
    let platforms = platforms(configuration(&server.base_url));
    let call = set_name(&platforms, ticket(1));
    let arrived = async {
        while server.received().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        outcome = call => panic!("nothing answers: {outcome:?}"),
        () = arrived => {}
    }
    server.wait_until_client_is_gone();
}

#[tokio::test]
async fn reads_are_sent_again_twice_at_most() {
    let trouble = || Reply::Status(503, "<html>");
    let server = ScriptedServer::start(vec![trouble(), Reply::Reset, Reply::json(EMPTY)]);
    let found = platforms(configuration(&server.base_url))
        .list_environments(&account())
        .await;
    assert_eq!(found, Ok(vec![]));
    assert_eq!(server.received().len(), 3);

    let server = ScriptedServer::start(vec![trouble()]);
    let found = platforms(configuration(&server.base_url))
        .list_environments(&account())
        .await;
    assert!(matches!(found, Err(PlatformReadError::Unavailable(_))));
    assert_eq!(server.received().len(), 3);

    let server = ScriptedServer::start(vec![Reply::Status(404, "<html>")]);
    let found = platforms(configuration(&server.base_url))
        .list_environments(&account())
        .await;
    assert!(matches!(found, Err(PlatformReadError::Unavailable(_))));
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_failing_host_is_left_alone() {
    let server = ScriptedServer::start(vec![Reply::Status(503, "<html>")]);
    let mut configuration = configuration(&server.base_url);
    configuration.breaker.failures_in_a_row = 3;
    configuration.breaker.open_for = Duration::from_hours(1);
    configuration.max_retries = 0;
    let platforms = platforms(configuration);
    for _ in 0..10 {
        assert!(platforms.list_environments(&account()).await.is_err());
    }
    assert_eq!(server.received().len(), 3);
    let outcome = set_name(&platforms, ticket(1)).await;
    assert!(matches!(
        outcome,
        MutationOutcome::NotSent(NotSentReason::Unavailable(_))
    ));
    assert_eq!(server.received().len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_beyond_the_limit_are_refused_at_once() {
    let server = ScriptedServer::start(vec![Reply::Silence]);
    let mut configuration = configuration(&server.base_url);
    configuration.concurrency.per_account = 1;
    let platforms = platforms(configuration);
    let first = set_name(&platforms, ticket(1));
    let second = async {
        while server.received().is_empty() {
            tokio::task::yield_now().await;
        }
        set_name(&platforms, ticket(2)).await
    };
    let refused = tokio::select! {
        outcome = first => panic!("nothing answers: {outcome:?}"),
        outcome = second => outcome,
    };
    assert!(matches!(
        refused,
        MutationOutcome::NotSent(NotSentReason::Unavailable(_))
    ));
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn every_request_can_be_traced_and_asks_for_json() {
    let server = ScriptedServer::start(vec![Reply::json(EMPTY)]);
    platforms(configuration(&server.base_url))
        .list_environments(&account())
        .await
        .unwrap();
    let request = server.received().remove(0);
    assert_eq!(request.path, "/1.0/environment/control/rest/getenvs");
    assert_eq!(request.header("accept"), Some("application/json"));
    let trace = request.header("x-trace-id").unwrap();
    assert_eq!(trace.len(), 32);
    assert!(
        request
            .header("traceparent")
            .unwrap()
            .starts_with(&format!("00-{trace}-"))
    );
    assert_eq!(request.parameter("ruk"), None);
}

#[tokio::test]
async fn an_endless_answer_is_cut_at_the_cap() {
    let server = ScriptedServer::start(vec![Reply::Endless]);
    let platforms = platforms(configuration(&server.base_url));
    let outcome = set_name(&platforms, ticket(1)).await;
    assert!(
        matches!(&outcome, MutationOutcome::MaybeApplied { reason, .. } if reason.contains("too large")),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn an_answer_that_announces_too_much_is_not_waited_for() {
    let server = ScriptedServer::start(vec![Reply::Announced(8 * 1024 * 1024 + 1)]);
    let platforms = platforms(configuration(&server.base_url));
    let outcome = set_name(&platforms, ticket(1)).await;
    assert!(
        matches!(&outcome, MutationOutcome::MaybeApplied { reason, .. } if reason.contains("too large")),
        "{outcome:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_of_a_byte_a_second_is_given_up_long_before_its_deadline() {
    let server = ScriptedServer::start(vec![Reply::Trickle(Duration::from_secs(1))]);
    let mut configuration = configuration(&server.base_url);
    configuration.answer_rate.measured_over = Duration::from_secs(1);
    let platforms = platforms(configuration);
    let mut ticket = ticket(1);
    ticket.answer_within = Duration::from_mins(10);
    let outcome = set_name(&platforms, ticket).await;
    assert!(
        matches!(&outcome, MutationOutcome::MaybeApplied { reason, answer: None } if reason.contains("slowly")),
        "{outcome:?}"
    );
    server.wait_until_client_is_gone();
}

#[tokio::test]
async fn an_answer_nested_beyond_reason_is_no_answer() {
    let nested = |opening: &str, closing: &str, depth: usize| {
        let (opening, closing) = (opening.repeat(depth), closing.repeat(depth));
        format!(r#"{{"result":0,"response":{opening}1{closing}}}"#)
    };
    let answers = [
        nested("[", "]", 100_000),
        nested(r#"{"response":"#, "}", 100),
        nested(r#"{"response":"#, "}", 100_000),
        nested(r#"{"infos":"#, "}", 100_000),
    ];
    for answer in answers {
        let server = ScriptedServer::start(vec![Reply::Json(answer)]);
        let mut configuration = configuration(&server.base_url);
        configuration.max_retries = 0;
        let platforms = platforms(configuration);
        let outcome = set_name(&platforms, ticket(1)).await;
        assert!(
            matches!(outcome, MutationOutcome::MaybeApplied { answer: None, .. }),
            "{outcome:?}"
        );
        let found = platforms.list_environments(&account()).await;
        assert!(matches!(found, Err(PlatformReadError::Unavailable(_))));
    }
}
