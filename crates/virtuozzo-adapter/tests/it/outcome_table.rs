//! Everything that can come back, for mutations and for reads.

use crate::scripted::{Reply, ScriptedServer};
use crate::support::{account, configuration, package, platforms, short_domain, spec, ticket};
use domain::names::DisplayName;
use domain::ports::{
    MutationOutcome, MutationTicket, NotSentReason, PlatformEnvironments, PlatformReadError,
    PlatformSoftware, PlatformTracking,
};
use domain::software::{Addon, PlatformUniqueName};
use std::time::Duration;
use virtuozzo_adapter::VirtuozzoPlatforms;

/// How an outcome counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Refused,
    NotSent,
    InDoubt,
    Unavailable,
    Other,
}

fn of_mutation<Value>(outcome: &MutationOutcome<Value>) -> Kind {
    match outcome {
        MutationOutcome::Done(_) => Kind::Other,
        MutationOutcome::Refused(_) => Kind::Refused,
        MutationOutcome::NotSent(_) => Kind::NotSent,
        MutationOutcome::MaybeApplied { .. } => Kind::InDoubt,
    }
}

fn of_read<Value>(outcome: &Result<Value, PlatformReadError>) -> Kind {
    match outcome {
        Err(PlatformReadError::Refused(_)) => Kind::Refused,
        Err(PlatformReadError::Unavailable(_)) => Kind::Unavailable,
        Ok(_) | Err(_) => Kind::Other,
    }
}

/// Runs every mutation and tells how each ended.
async fn mutations(platforms: &VirtuozzoPlatforms, ticket: MutationTicket) -> Vec<Kind> {
    let (account, domain) = (account(), short_domain());
    let name = DisplayName::parse("Shop").unwrap();
    let installed = PlatformUniqueName("an-installation".into());
    vec![
        of_mutation(
            &platforms
                .create_environment(&account, ticket, &spec(1))
                .await,
        ),
        of_mutation(
            &platforms
                .set_display_name(&account, ticket, &domain, &name)
                .await,
        ),
        of_mutation(
            &platforms
                .install_package(&account, ticket, &domain, &package())
                .await,
        ),
        of_mutation(
            &platforms
                .install_addon(&account, ticket, &domain, Addon::Sftp)
                .await,
        ),
        of_mutation(&platforms.uninstall(&account, ticket, &installed).await),
        of_mutation(
            &platforms
                .delete_environment(&account, ticket, &domain, None)
                .await,
        ),
    ]
}

/// Runs every read and tells how each ended.
async fn reads(platforms: &VirtuozzoPlatforms) -> Vec<Kind> {
    let (account, domain) = (account(), short_domain());
    let since = jiff::Timestamp::UNIX_EPOCH;
    let attempt = crate::support::attempt(1);
    vec![
        of_read(
            &platforms
                .is_short_domain_free(&account, &domain, None)
                .await,
        ),
        of_read(&platforms.observe_environment(&account, &domain).await),
        of_read(&platforms.list_environments(&account).await),
        of_read(&platforms.list_running_actions(&account).await),
        of_read(&platforms.find_actions_of(&account, attempt, since).await),
        of_read(&platforms.list_installations(&account, &domain).await),
        of_read(
            &platforms
                .is_addon_available(&account, &domain, Addon::Sftp)
                .await,
        ),
    ]
}

/// A platform that never opens its breaker, so that every cell reaches the server.
fn patient(base_url: &str) -> VirtuozzoPlatforms {
    let mut configuration = configuration(base_url);
    configuration.breaker.failures_in_a_row = u32::MAX;
    configuration.answer_timeouts.instant = Duration::from_millis(200);
    configuration.answer_timeouts.medium = Duration::from_secs(10);
    configuration.max_retries = 0;
    platforms(configuration)
}

const PAGE: &str = "<html><body>a page of the gateway</body></html>";

fn replies() -> Vec<(Reply, Kind, Kind)> {
    let json = Reply::json;
    let mut cells = vec![
        (
            json(r#"{"result":3,"error":"invalid parameter"}"#),
            Kind::Refused,
            Kind::Refused,
        ),
        (json(r#"{"result":8}"#), Kind::Refused, Kind::Refused),
        (json(r#"{"result":2212}"#), Kind::Refused, Kind::Refused),
        (json(r#"{"result":"8202"}"#), Kind::Refused, Kind::Refused),
        (json(r#"{"result":1}"#), Kind::InDoubt, Kind::Refused),
        (
            json(r#"{"result":99,"error":"unknown error"}"#),
            Kind::InDoubt,
            Kind::Refused,
        ),
        (
            json(r#"{"result":3,"responses":[]}"#),
            Kind::InDoubt,
            Kind::Refused,
        ),
        (
            json(r#"{"result":0,"response":{"result":3}}"#),
            Kind::InDoubt,
            Kind::Refused,
        ),
        (
            json(r#"{"result":0,"response":{"response":{"result":8}}}"#),
            Kind::InDoubt,
            Kind::Refused,
        ),
        (
            json(r#"{"result":0,"responses":[{"result":4109}]}"#),
            Kind::InDoubt,
            Kind::Refused,
        ),
        (
            json(r#"{"result":"yes"}"#),
            Kind::InDoubt,
            Kind::Unavailable,
        ),
        (json("{}"), Kind::InDoubt, Kind::Unavailable),
        (json("[]"), Kind::InDoubt, Kind::Unavailable),
        (Reply::Status(200, PAGE), Kind::InDoubt, Kind::Unavailable),
        (
            Reply::Truncated(r#"{"result":3}"#.into()),
            Kind::InDoubt,
            Kind::Unavailable,
        ),
        (json(r#"{"result":3"#), Kind::InDoubt, Kind::Unavailable),
        (Reply::Reset, Kind::InDoubt, Kind::Unavailable),
        (Reply::Silence, Kind::InDoubt, Kind::Unavailable),
        (Reply::Endless, Kind::InDoubt, Kind::Unavailable),
    ];
    for status in [401, 404, 429, 500, 502, 503, 504] {
        cells.push((
            Reply::Status(status, PAGE),
            Kind::InDoubt,
            Kind::Unavailable,
        ));
    }
    cells
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_means_what_the_rules_say() {
    let mut cells = 0;
    for (reply, of_mutation, of_read) in replies() {
        let server = ScriptedServer::start(vec![reply.clone()]);
        let platforms = patient(&server.base_url);
        let mut ticket = ticket(1);
        if matches!(reply, Reply::Silence) {
            ticket.answer_within = Duration::from_millis(200);
        }
        let ended = mutations(&platforms, ticket).await;
        assert_eq!(ended, [of_mutation; 6], "mutations after {reply:?}");
        assert_eq!(
            server.received().len(),
            6,
            "a mutation is sent once: {reply:?}"
        );
        let ended = reads(&platforms).await;
        assert_eq!(ended, [of_read; 7], "reads after {reply:?}");
        cells += 13;
    }
    println!("{cells} cells");
}

#[tokio::test]
async fn what_never_left_is_not_sent() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let platforms = patient(&base_url);
    assert_eq!(mutations(&platforms, ticket(1)).await, [Kind::NotSent; 6]);
    assert_eq!(reads(&platforms).await, [Kind::Unavailable; 7]);

    let server = ScriptedServer::start(vec![Reply::json(r#"{"result":0}"#)]);
    let platforms = patient(&server.base_url);
    let mut late = ticket(1);
    late.send_by = domain::ports::Instant(Duration::ZERO);
    assert_eq!(mutations(&platforms, late).await, [Kind::NotSent; 6]);
    assert_eq!(server.received().len(), 0);
    println!("{} cells", 7 + 6 + 6);
}

#[tokio::test]
async fn an_add_on_that_nothing_maps_is_not_sent() {
    let server = ScriptedServer::start(vec![Reply::json(r#"{"result":0}"#)]);
    let platforms = patient(&server.base_url);
    let outcome = platforms
        .install_addon(&account(), ticket(1), &short_domain(), Addon::LetsEncrypt)
        .await;
    assert_eq!(
        outcome,
        MutationOutcome::NotSent(NotSentReason::NotConfigured)
    );
    assert_eq!(server.received().len(), 0);
}
