//! Who asks for a session, and when it is renewed.

use crate::scripted::{Reply, ScriptedServer};
use crate::support::{account, attempt, configuration, directory, session, short_domain, ticket};
use domain::names::DisplayName;
use domain::ports::{
    MockPlatformSessions, MutationOutcome, NotSentReason, PlatformEnvironments, PlatformReadError,
    RefusalClass, SessionError, UnclearAnswer,
};
use mockall::predicate::{always, eq};
use std::sync::Arc;
use virtuozzo_adapter::VirtuozzoPlatforms;

fn platforms(server: &ScriptedServer, sessions: MockPlatformSessions) -> VirtuozzoPlatforms {
    VirtuozzoPlatforms::new(
        directory(configuration(&server.base_url)),
        Arc::new(sessions),
    )
}

async fn set_name(platforms: &VirtuozzoPlatforms) -> MutationOutcome<()> {
    let name = DisplayName::parse("Shop").unwrap();
    platforms
        .set_display_name(&account(), ticket(7), &short_domain(), &name)
        .await
}

/// Gives the first key, and the second when generation 1 is refused, exactly once.
fn renewing() -> MockPlatformSessions {
    let mut sessions = MockPlatformSessions::new();
    sessions
        .expect_current()
        .times(1)
        .returning(|_| Ok(session("first-key", 1)));
    sessions
        .expect_renew()
        .with(always(), eq(1))
        .times(1)
        .returning(|_, _| Ok(session("second-key", 2)));
    sessions
}

#[tokio::test]
async fn a_mutation_goes_out_again_once_after_an_outer_702() {
    let script = vec![
        Reply::json(r#"{"result":702}"#),
        Reply::json(r#"{"result":0}"#),
    ];
    let server = ScriptedServer::start(script);
    let outcome = set_name(&platforms(&server, renewing())).await;
    assert_eq!(outcome, MutationOutcome::Done(()));
    let received = server.received();
    let keys: Vec<_> = received
        .iter()
        .map(|request| request.parameter("session"))
        .collect();
    assert_eq!(keys, [Some("first-key"), Some("second-key")]);
    let attempt = attempt(7).to_string();
    for request in received {
        assert_eq!(
            request.parameter("ruk"),
            Some(attempt.as_str()),
            "the same attempt"
        );
        assert!(
            !request.path.contains("key"),
            "no session in a URL: {}",
            request.path
        );
        assert!(
            request
                .headers
                .iter()
                .all(|(_, value)| !value.contains("-key"))
        );
    }
}

#[tokio::test]
async fn a_session_is_renewed_once_and_no_more() {
    let server = ScriptedServer::start(vec![Reply::json(r#"{"result":702}"#)]);
    let outcome = set_name(&platforms(&server, renewing())).await;
    assert!(
        matches!(&outcome, MutationOutcome::Refused(refusal) if refusal.class == RefusalClass::Session),
        "{outcome:?}"
    );
    assert_eq!(server.received().len(), 2);

    let server = ScriptedServer::start(vec![Reply::json(r#"{"result":702}"#)]);
    let read = platforms(&server, renewing())
        .list_environments(&account())
        .await;
    assert!(matches!(read, Err(PlatformReadError::Refused(refusal)) if refusal.result == 702));
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn a_nested_702_renews_nothing_and_leaves_the_mutation_in_doubt() {
    let body = r#"{"result":0,"response":{"result":702,"error":"session [xxx]"}}"#;
    let server = ScriptedServer::start(vec![Reply::json(body)]);
    let mut sessions = MockPlatformSessions::new();
    sessions
        .expect_current()
        .times(1)
        .returning(|_| Ok(session("first-key", 1)));
    sessions.expect_renew().never();
    let outcome = set_name(&platforms(&server, sessions)).await;
    assert!(
        matches!(
            outcome,
            MutationOutcome::MaybeApplied {
                answer: Some(UnclearAnswer {
                    result: 702,
                    class: RefusalClass::Session
                }),
                ..
            }
        ),
        "{outcome:?}"
    );
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_read_goes_on_with_the_renewed_session() {
    let script = vec![
        Reply::json(r#"{"result":702}"#),
        Reply::json(r#"{"result":0,"infos":[]}"#),
    ];
    let server = ScriptedServer::start(script);
    let read = platforms(&server, renewing())
        .list_environments(&account())
        .await;
    assert_eq!(read, Ok(vec![]));
}

#[tokio::test]
async fn without_a_session_nothing_is_sent() {
    type Problem = fn() -> SessionError;
    let cases: [(Problem, NotSentReason, PlatformReadError); 2] = [
        (
            || SessionError::NeedsReauthentication,
            NotSentReason::NeedsReauthentication,
            PlatformReadError::NeedsReauthentication,
        ),
        (
            || SessionError::AccountChanged,
            NotSentReason::AccountChanged,
            PlatformReadError::AccountChanged,
        ),
    ];
    for (problem, not_sent, read_error) in cases {
        let server = ScriptedServer::start(vec![Reply::json(r#"{"result":0}"#)]);
        let mut sessions = MockPlatformSessions::new();
        sessions
            .expect_current()
            .times(2)
            .returning(move |_| Err(problem()));
        let platforms = platforms(&server, sessions);
        assert_eq!(
            set_name(&platforms).await,
            MutationOutcome::NotSent(not_sent)
        );
        assert_eq!(
            platforms.list_environments(&account()).await,
            Err(read_error)
        );
        assert_eq!(server.received().len(), 0);
    }
}

#[tokio::test]
async fn an_owner_who_must_sign_in_anew_leaves_the_refused_mutation_unsent() {
    let server = ScriptedServer::start(vec![Reply::json(r#"{"result":702}"#)]);
    let mut sessions = MockPlatformSessions::new();
    sessions
        .expect_current()
        .times(1)
        .returning(|_| Ok(session("first-key", 1)));
    sessions
        .expect_renew()
        .times(1)
        .returning(|_, _| Err(SessionError::NeedsReauthentication));
    let outcome = set_name(&platforms(&server, sessions)).await;
    assert_eq!(
        outcome,
        MutationOutcome::NotSent(NotSentReason::NeedsReauthentication)
    );
}
