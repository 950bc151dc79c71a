use super::{Authenticate, demand};
use crate::UseCaseError;
use crate::sample::{HandClock, actor, beginning, foreign_team, origin, owner, team, token_id};
use domain::SecretText;
use domain::access::{Actor, Permission, PermissionSet, Principal};
use domain::error_code::ErrorCode;
use domain::ports::{MockReadModel, MockTokenHasher};
use domain::team::{ApiToken, TokenHash};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;

fn hash() -> TokenHash {
    TokenHash {
        pepper_id: "p1".to_owned(),
        mac: vec![1, 2, 3],
    }
}

fn live_token() -> ApiToken {
    ApiToken {
        id: token_id(),
        team_id: team(),
        label: "ci".to_owned(),
        hash: hash(),
        scopes: [Permission::EnvironmentView, Permission::JobView]
            .into_iter()
            .collect(),
        created_at: beginning(),
        expires_at: later(60),
        revoked_at: None,
    }
}

fn later(seconds: u64) -> Timestamp {
    beginning()
        .checked_add(Duration::from_secs(seconds))
        .unwrap()
}

/// Presents a well-formed token while the store holds `stored`.
async fn present(stored: Option<ApiToken>, clock: HandClock) -> Result<Actor, UseCaseError> {
    let mut token_hasher = MockTokenHasher::new();
    token_hasher.expect_hashes_of().returning(|_| vec![hash()]);
    let mut read_model = MockReadModel::new();
    read_model
        .expect_find_api_token()
        .withf(|hashes| hashes == [hash()])
        .times(1)
        .returning(move |_| Ok(stored.clone()));
    let use_case = Authenticate {
        read_model: Arc::new(read_model),
        token_hasher: Arc::new(token_hasher),
        clock: Arc::new(clock),
    };
    let token = SecretText::new("wdl_team_x_y".to_owned());
    use_case.run(&token, origin()).await
}

#[tokio::test]
async fn a_malformed_token_is_refused_without_any_look_up() {
    let mut token_hasher = MockTokenHasher::new();
    token_hasher.expect_hashes_of().returning(|_| Vec::new());
    let use_case = Authenticate {
        // No expectation: any look-up would panic.
        read_model: Arc::new(MockReadModel::new()),
        token_hasher: Arc::new(token_hasher),
        clock: Arc::new(HandClock::default()),
    };
    let token = SecretText::new("nonsense".to_owned());
    let error = use_case.run(&token, origin()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::Unauthenticated);
}

#[tokio::test]
async fn unknown_expired_and_revoked_tokens_get_the_same_answer() {
    let revoked = ApiToken {
        revoked_at: Some(beginning()),
        ..live_token()
    };
    let expired = HandClock::default();
    expired.advance(Duration::from_mins(1));
    let mut answers = Vec::new();
    for (stored, clock) in [
        (None, HandClock::default()),
        (Some(revoked), HandClock::default()),
        (Some(live_token()), expired),
    ] {
        let error = present(stored, clock).await.unwrap_err();
        answers.push((error.code(), error.to_string()));
    }
    assert_eq!(answers[0].0, ErrorCode::Unauthenticated);
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
}

#[tokio::test]
async fn a_live_token_gives_an_actor_with_the_tokens_scopes() {
    let clock = HandClock::default();
    clock.advance(Duration::from_secs(59));
    let found = present(Some(live_token()), clock).await.unwrap();
    assert_eq!(found.team_id(), team());
    assert_eq!(found.principal(), Principal::Token(token_id()));
    assert_eq!(found.permissions(), live_token().scopes);
    assert_eq!(*found.origin(), origin());
}

#[test]
fn a_foreign_team_looks_like_none_even_to_somebody_without_the_permission() {
    let nobody = actor(&[]);
    assert_eq!(nobody.permissions(), PermissionSet::NONE);
    for caller in [owner(), nobody] {
        let error = demand(&caller, foreign_team(), Permission::JobView).unwrap_err();
        assert_eq!(error.code(), ErrorCode::NotFound);
    }
}

#[test]
fn a_missing_permission_is_named() {
    let caller = actor(&[Permission::EnvironmentView]);
    let error = demand(&caller, team(), Permission::EnvironmentCreate).unwrap_err();
    assert_eq!(error.code(), ErrorCode::PermissionDenied);
    assert!(error.detail().contains("env.create"), "{}", error.detail());
}
