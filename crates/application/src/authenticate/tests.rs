use super::{Authenticate, PresentedCredential, RequestFacts};
use crate::UseCaseError;
use crate::sample::{
    CountingIds, HandClock, access_record, api_token, beginning, foreign_team, origin, person,
    team, token_hash, token_id, unit_of_work, user_session,
};
use domain::SecretText;
use domain::access::{AccessPolicy, AccessRecord, CredentialRecord, Permission, Principal};
use domain::api_token::ApiToken;
use domain::error_code::ErrorCode;
use domain::people::{TokenHash, UserSession};
use domain::ports::{
    CommitError, MockReadModel, MockTokenHasher, MockTransaction, MockUnitOfWork, StoreError,
    TokenKind,
};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

const SCOPES: [Permission; 2] = [Permission::EnvironmentView, Permission::JobView];
const POLICY: AccessPolicy = AccessPolicy {
    session_idle: Duration::from_hours(1),
    allows_expired_tokens: false,
};

fn facts() -> RequestFacts {
    RequestFacts {
        origin: origin(),
        client: Some("192.0.2.1".parse().unwrap()),
        operation: "GET /v1/example".to_owned(),
    }
}

fn token() -> PresentedCredential {
    PresentedCredential::Token(SecretText::new("wdl_api_x_y".to_owned()))
}

fn session() -> PresentedCredential {
    PresentedCredential::Session(SecretText::new("wdl_session_x_y".to_owned()))
}

/// The use case over a store that holds this record, whichever way it is asked.
fn over(stored: Option<AccessRecord>, clock: HandClock) -> Authenticate {
    over_with(stored, clock, Vec::new())
}

fn over_with(
    stored: Option<AccessRecord>,
    clock: HandClock,
    transactions: Vec<MockTransaction>,
) -> Authenticate {
    let mut token_hasher = MockTokenHasher::new();
    token_hasher
        .expect_hashes_of()
        .returning(|_, _| vec![token_hash()]);
    let mut read_model = MockReadModel::new();
    let by_token = stored.clone();
    read_model
        .expect_find_token_access()
        .withf(|hashes| hashes == [token_hash()])
        .returning(move |_| Ok(by_token.clone()));
    read_model
        .expect_find_session_access()
        .withf(|hashes, _| hashes == [token_hash()])
        .returning(move |_, _| Ok(stored.clone()));
    Authenticate {
        read_model: Arc::new(read_model),
        unit_of_work: unit_of_work(transactions),
        token_hasher: Arc::new(token_hasher),
        ids: Arc::new(CountingIds::default()),
        clock: Arc::new(clock),
        policy: POLICY,
    }
}

fn token_record(token: ApiToken) -> AccessRecord {
    AccessRecord {
        credential: CredentialRecord::Token(token),
        ..access_record(&[])
    }
}

fn session_record() -> AccessRecord {
    AccessRecord {
        credential: CredentialRecord::Session(user_session()),
        ..access_record(&[])
    }
}

#[tokio::test]
async fn a_malformed_credential_is_refused_without_any_look_up() {
    for (credential, wanted) in [(token(), TokenKind::Api), (session(), TokenKind::Session)] {
        let mut token_hasher = MockTokenHasher::new();
        token_hasher
            .expect_hashes_of()
            .withf(move |kind, _| *kind == wanted)
            .returning(|_, _| Vec::new());
        let use_case = Authenticate {
            // No expectation: any look-up would panic.
            read_model: Arc::new(MockReadModel::new()),
            unit_of_work: Arc::new(MockUnitOfWork::new()),
            token_hasher: Arc::new(token_hasher),
            ids: Arc::new(CountingIds::default()),
            clock: Arc::new(HandClock::default()),
            policy: POLICY,
        };
        let error = use_case
            .actor(&credential, team(), facts())
            .await
            .unwrap_err();
        assert_eq!(error.code(), ErrorCode::Unauthenticated);
    }
}

#[tokio::test]
async fn unknown_expired_revoked_and_misplaced_tokens_get_the_same_answer() {
    let revoked = ApiToken {
        revoked_at: Some(beginning()),
        ..api_token(&SCOPES)
    };
    let misplaced = ApiToken {
        allowed_networks: vec!["198.51.100.0/24".parse().unwrap()],
        ..api_token(&SCOPES)
    };
    let orphan = AccessRecord {
        team: None,
        ..token_record(api_token(&SCOPES))
    };
    let expired = HandClock::default();
    expired.advance(Duration::from_hours(1));
    let mut answers = Vec::new();
    for (stored, clock) in [
        (None, HandClock::default()),
        (Some(token_record(revoked)), HandClock::default()),
        (Some(token_record(misplaced)), HandClock::default()),
        (Some(token_record(api_token(&SCOPES))), expired),
    ] {
        let error = ask(stored, clock).await.unwrap_err();
        answers.push((error.code(), error.to_string()));
    }
    assert_eq!(answers[0].0, ErrorCode::Unauthenticated);
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
    let gone = ask(Some(orphan), HandClock::default()).await.unwrap_err();
    assert_eq!(gone.code(), ErrorCode::NotFound);
}

async fn ask(
    stored: Option<AccessRecord>,
    clock: HandClock,
) -> Result<domain::access::Actor, UseCaseError> {
    over(stored, clock).actor(&token(), team(), facts()).await
}

#[tokio::test]
async fn a_live_token_gives_an_actor_with_role_and_scopes() {
    let clock = HandClock::default();
    clock.advance(Duration::from_secs(59));
    let stored = Some(token_record(api_token(&SCOPES)));
    let found = ask(stored, clock).await.unwrap();
    assert_eq!(found.team_id(), team());
    assert_eq!(found.principal(), Principal::Token(token_id()));
    assert_eq!(found.permissions(), SCOPES.into_iter().collect());
    assert_eq!(*found.origin(), origin());
}

#[tokio::test]
async fn a_foreign_team_and_none_are_not_found() {
    let stored = Some(token_record(api_token(&SCOPES)));
    let use_case = over(stored, HandClock::default());
    let error = use_case.actor(&token(), foreign_team(), facts()).await;
    assert_eq!(error.unwrap_err().code(), ErrorCode::NotFound);
    let nowhere = AccessRecord {
        team: None,
        ..session_record()
    };
    let use_case = over(Some(nowhere), HandClock::default());
    let error = use_case.actor(&session(), team(), facts()).await;
    assert_eq!(error.unwrap_err().code(), ErrorCode::NotFound);
}

#[tokio::test]
async fn a_session_is_a_person_and_a_token_is_none() {
    let use_case = over(Some(session_record()), HandClock::default());
    let found = use_case.person(&session(), facts()).await.unwrap();
    assert_eq!(found.user, person().user);
    let use_case = over(Some(token_record(api_token(&SCOPES))), HandClock::default());
    let error = use_case.person(&token(), facts()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::Unauthenticated);
}

#[tokio::test]
async fn what_an_operator_does_in_a_team_of_others_is_written_first_or_not_done() {
    for is_broken in [false, true] {
        let mut record = session_record();
        record.user.is_operator = true;
        record.team.as_mut().unwrap().role = None;
        let mut transaction = MockTransaction::default();
        transaction
            .audit
            .expect_append_audit_event()
            .withf(|event| {
                event.team_id == Some(team())
                    && event.action == "operator.access"
                    && event.detail.as_deref() == Some("GET /v1/example")
            })
            .times(1)
            .returning(|_| Ok(()));
        transaction.commit_error = is_broken.then_some(CommitError::RolledBack(StoreError::Busy));
        let commits = Arc::clone(&transaction.commits);
        let use_case = over_with(Some(record), HandClock::default(), vec![transaction]);
        let answer = use_case.actor(&session(), team(), facts()).await;
        assert_eq!(commits.load(Ordering::SeqCst), 1);
        assert_eq!(answer.is_err(), is_broken);
    }
}

#[tokio::test]
async fn a_request_that_goes_on_loses_what_was_taken_away_and_notes_nothing_again() {
    let clock = || {
        let clock = HandClock::default();
        // A use would be noted now: no transaction is expected, so a note would panic.
        clock.advance(Duration::from_mins(5));
        clock
    };
    let mut operator = session_record();
    operator.user.is_operator = true;
    operator.team.as_mut().unwrap().role = None;
    let actor = over(Some(operator.clone()), clock())
        .still(&session(), team(), facts())
        .await
        .unwrap();
    assert!(matches!(actor.principal(), Principal::Operator(_)));
    let mut dismissed = operator;
    dismissed.user.is_operator = false;
    let gone = over(Some(dismissed), clock());
    let error = gone.still(&session(), team(), facts()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::NotFound);
    let mut ended = session_record();
    if let CredentialRecord::Session(session) = &mut ended.credential {
        session.ended_at = Some(beginning());
    }
    let ended = over(Some(ended), clock());
    let error = ended.still(&session(), team(), facts()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::Unauthenticated);
}

#[tokio::test]
async fn a_use_is_noted_once_a_minute_and_refuses_nobody_when_it_cannot_be() {
    for (seconds, is_broken) in [(60, false), (60, true)] {
        let clock = HandClock::default();
        clock.advance(Duration::from_secs(seconds));
        let mut transaction = MockTransaction::default();
        transaction
            .user_sessions
            .expect_note_user_session_use()
            .withf(|id, _| *id == user_session().id)
            .times(1)
            .returning(|_, _| Ok(()));
        transaction.commit_error = is_broken.then_some(CommitError::RolledBack(StoreError::Busy));
        let use_case = over_with(Some(session_record()), clock, vec![transaction]);
        assert!(use_case.person(&session(), facts()).await.is_ok());
    }
    let clock = HandClock::default();
    clock.advance(Duration::from_secs(59));
    // No transaction: a note would panic.
    let use_case = over(Some(session_record()), clock);
    assert!(use_case.person(&session(), facts()).await.is_ok());
}

#[tokio::test]
async fn a_token_under_an_old_pepper_is_stored_under_the_active_one() {
    let old = TokenHash {
        pepper_id: "p0".to_owned(),
        mac: vec![9],
    };
    let stored = ApiToken {
        hash: old,
        ..api_token(&SCOPES)
    };
    let mut transaction = MockTransaction::default();
    transaction
        .api_tokens
        .expect_note_api_token_use()
        .withf(|id, _, rehashed| *id == token_id() && *rehashed == Some(token_hash()))
        .times(1)
        .returning(|_, _, _| Ok(()));
    let stored = Some(token_record(stored));
    let use_case = over_with(stored, HandClock::default(), vec![transaction]);
    assert!(use_case.actor(&token(), team(), facts()).await.is_ok());
}

#[tokio::test]
async fn an_idle_session_is_over() {
    let clock = HandClock::default();
    clock.advance(POLICY.session_idle);
    let stored = AccessRecord {
        credential: CredentialRecord::Session(UserSession {
            last_used_at: beginning(),
            ..user_session()
        }),
        ..access_record(&[])
    };
    let error = over(Some(stored), clock).person(&session(), facts()).await;
    assert_eq!(error.unwrap_err().code(), ErrorCode::Unauthenticated);
}
