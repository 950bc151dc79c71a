//! Who asks for a session, and when it is renewed.

use crate::scripted::{Received, Reply, ScriptedServer};
use crate::support::{account, attempt, configuration, directory, session, short_domain, ticket};
use domain::SecretText;
use domain::names::DisplayName;
use domain::platform_account::PlatformAccountRef;
use domain::ports::{
    MockPlatformSessions, MutationOutcome, NotSentReason, PlatformEnvironments, PlatformReadError,
    PlatformSession, PlatformSessions, RefusalClass, SessionError, UnclearAnswer,
};
use mockall::predicate::{always, eq};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
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

/// Sessions as the store keeps them: a refused generation is renewed once, and whoever was refused
/// with an older one gets the newer one without another sign-in.
#[derive(Default)]
struct OneRenewal {
    sign_ins: AtomicUsize,
    session: tokio::sync::Mutex<i64>,
}

#[async_trait::async_trait]
impl PlatformSessions for OneRenewal {
    async fn current(&self, _: &PlatformAccountRef) -> Result<PlatformSession, SessionError> {
        let generation = *self.session.lock().await;
        Ok(session(&format!("key-{generation}"), generation))
    }

    async fn renew(
        &self,
        _: &PlatformAccountRef,
        refused: i64,
    ) -> Result<PlatformSession, SessionError> {
        let mut generation = self.session.lock().await;
        if *generation == refused {
            self.sign_ins.fetch_add(1, Ordering::SeqCst);
            // Others come meanwhile.
            tokio::task::yield_now().await;
            *generation += 1;
        }
        Ok(session(&format!("key-{generation}"), *generation))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_calls_that_are_refused_at_once_renew_the_session_once() {
    const CALLS: usize = 32;
    // Answered only when all of them are there, so that all of them hold the old session.
    let together = Barrier::new(CALLS);
    let arrived = AtomicUsize::new(0);
    let server = ScriptedServer::choosing(move |_| {
        if arrived.fetch_add(1, Ordering::SeqCst) < CALLS {
            together.wait();
            Reply::json(r#"{"result":702}"#)
        } else {
            Reply::json(r#"{"result":0,"infos":[]}"#)
        }
    });
    let sessions = Arc::new(OneRenewal::default());
    let mut configuration = configuration(&server.base_url);
    configuration.concurrency.per_account = CALLS;
    let platforms = VirtuozzoPlatforms::new(directory(configuration), sessions.clone());
    let account = account();
    let calls = (0..CALLS).map(|number| {
        let (platforms, account) = (&platforms, &account);
        async move {
            if number % 2 == 0 {
                platforms.list_environments(account).await.is_ok()
            } else {
                set_name(platforms).await == MutationOutcome::Done(())
            }
        }
    });
    let ended = futures::future::join_all(calls).await;
    assert!(ended.iter().all(|is_done| *is_done));
    assert_eq!(sessions.sign_ins.load(Ordering::SeqCst), 1);
    let received = server.received();
    let with = |key: &str| {
        let has_key = |request: &&Received| request.parameter("session") == Some(key);
        received.iter().filter(has_key).count()
    };
    assert_eq!((with("key-0"), with("key-1")), (CALLS, CALLS));
}

#[tokio::test]
async fn a_refused_credential_sets_the_account_aside_and_sends_nothing_more() {
    for code in [701, 704] {
        let server = ScriptedServer::start(vec![Reply::Json(format!(r#"{{"result":{code}}}"#))]);
        let mut sessions = MockPlatformSessions::new();
        sessions
            .expect_current()
            .times(2)
            .returning(|_| Ok(session("first-key", 1)));
        sessions
            .expect_renew()
            .with(always(), eq(1))
            .times(2)
            .returning(|_, _| Err(SessionError::NeedsReauthentication));
        let platforms = platforms(&server, sessions);
        assert_eq!(
            set_name(&platforms).await,
            MutationOutcome::NotSent(NotSentReason::NeedsReauthentication)
        );
        assert_eq!(
            platforms.list_environments(&account()).await,
            Err(PlatformReadError::NeedsReauthentication)
        );
        assert_eq!(server.received().len(), 2, "{code}");
    }
}

#[tokio::test]
async fn a_wrong_confirmation_of_a_deletion_renews_nothing() {
    for code in [701, 801] {
        let server = ScriptedServer::start(vec![Reply::Json(format!(r#"{{"result":{code}}}"#))]);
        let mut sessions = MockPlatformSessions::new();
        sessions
            .expect_current()
            .times(1)
            .returning(|_| Ok(session("first-key", 1)));
        sessions.expect_renew().never();
        let confirmation = SecretText::new("wrong".into());
        let outcome = platforms(&server, sessions)
            .delete_environment(&account(), ticket(7), &short_domain(), Some(confirmation))
            .await;
        let class = match outcome {
            MutationOutcome::Refused(refusal) if code == 701 => refusal.class,
            MutationOutcome::MaybeApplied {
                answer: Some(answer),
                ..
            } if code == 801 => answer.class,
            other => panic!("{other:?}"),
        };
        assert_eq!(class, RefusalClass::Credentials);
        assert_eq!(server.received().len(), 1);
    }
}
