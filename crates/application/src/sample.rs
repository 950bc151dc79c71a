//! Sample data for the tests of this crate: one team with its account, an environment, a job, and
//! transactions that fit them.

mod stand_ins;

pub(crate) use stand_ins::{CountingIds, FoldingSealer, HandClock, custody};

mod of_teams;

pub(crate) use of_teams::*;

use crate::workflows::payloads::{InstallAddonPayload, encode_own};
use crate::{EnvironmentTarget, JobAcceptance, ReadBudget, UseCaseError};
use domain::SecretText;
use domain::access::{
    AccessRecord, Actor, CredentialRecord, Permission, PermissionSet, Person, Principal,
    RequestOrigin, Role, RoleKind, TeamAccess,
};
use domain::api_token::ApiToken;
use domain::environment::{
    Environment, EnvironmentState, Node, ObservedState, PlatformAppId, PlatformNodeId,
};
use domain::error_code::ErrorCode;
use domain::ids::{ApiTokenId, EntityId, EnvironmentId, JobId, NodeId, ProcessId, TeamId, UserId};
use domain::job::{Job, JobKind, JobProgress, JobState};
use domain::names::{
    BlueprintName, DisplayName, EmailAddress, EnvironmentName, IdempotencyKey, NodeGroup,
    PersonName, PlatformLogin, PlatformName, RoleName, ShortDomain, TokenLabel,
};
use domain::people::{PasswordHash, TokenHash, User, UserSession, UserState};
use domain::platform_account::{
    CredentialKind, DeletionConfirmation, PlatformAccount, PlatformAccountState,
    PlatformCredential, PlatformUid,
};
use domain::ports::{
    BacklogLimits, EnvironmentDetails, MockObserver, MockRateLimiter, MockReadModel,
    MockTokenHasher, MockTransaction, MockUnitOfWork, MockWakeUp, UnitOfWork,
};
use domain::sealed::WrappedKey;
use domain::software::{Addon, Installation, PlatformUniqueName, Software};
use domain::turn::TurnScope;
use jiff::Timestamp;
use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use uuid::Uuid;

/// When every test begins.
const BEGINNING_SECONDS: i64 = 1_800_000_000;

pub(crate) fn id<Id: EntityId>(number: u128) -> Id {
    Id::from_uuid(Uuid::from_u128(number))
}

pub(crate) fn team() -> TeamId {
    id(1)
}

pub(crate) fn foreign_team() -> TeamId {
    id(2)
}

pub(crate) fn environment_id() -> EnvironmentId {
    id(3)
}

pub(crate) fn job_id() -> JobId {
    id(4)
}

pub(crate) fn token_id() -> ApiTokenId {
    id(5)
}

pub(crate) fn process_id() -> ProcessId {
    id(6)
}

pub(crate) fn beginning() -> Timestamp {
    Timestamp::from_second(BEGINNING_SECONDS).unwrap()
}

pub(crate) fn origin() -> RequestOrigin {
    RequestOrigin {
        request_id: id(7),
        client_address: Some("192.0.2.1".to_owned()),
        user_agent: None,
    }
}

/// A caller of the team who may do just this.
pub(crate) fn actor(permissions: &[Permission]) -> Actor {
    let permissions: PermissionSet = permissions.iter().copied().collect();
    Actor::new(team(), Principal::Token(token_id()), permissions, origin())
}

pub(crate) fn owner() -> Actor {
    actor(Permission::ALL)
}

/// The owner in a browser, who signed in at the beginning.
pub(crate) fn owner_in_browser(has_second_factor: bool) -> Actor {
    Actor::new(
        team(),
        Principal::User(user_id()),
        PermissionSet::all(),
        origin(),
    )
    .with_session(&user_session(), has_second_factor)
}

pub(crate) fn key() -> IdempotencyKey {
    IdempotencyKey::parse("key-1").unwrap()
}

pub(crate) fn platform_name() -> PlatformName {
    PlatformName::parse("main").unwrap()
}

pub(crate) fn password_credential(password: &str) -> PlatformCredential {
    PlatformCredential::Password {
        login: PlatformLogin::parse("owner@example.com").unwrap(),
        password: SecretText::new(password.to_owned()),
    }
}

pub(crate) fn token_credential(token: &str) -> PlatformCredential {
    PlatformCredential::AccessToken {
        token: SecretText::new(token.to_owned()),
    }
}

pub(crate) fn team_key() -> WrappedKey {
    WrappedKey(b"team key".to_vec())
}

pub(crate) fn user_id() -> UserId {
    id(12)
}

/// A person who may sign in; the stored form of the password is the password.
pub(crate) fn user() -> User {
    User {
        id: user_id(),
        email: EmailAddress::parse("anna@example.com").unwrap(),
        name: PersonName::parse("Anna").unwrap(),
        password: PasswordHash("a long enough password".to_owned()),
        state: UserState::Active,
        is_operator: false,
        second_factor: None,
        created_at: beginning(),
        version: 1,
    }
}

pub(crate) fn token_hash() -> TokenHash {
    TokenHash {
        pepper_id: "p1".to_owned(),
        mac: vec![1, 2, 3],
    }
}

pub(crate) fn user_session() -> UserSession {
    UserSession {
        id: id(13),
        user_id: user_id(),
        hash: token_hash(),
        created_at: beginning(),
        authenticated_at: beginning(),
        last_used_at: beginning(),
        expires_at: beginning().checked_add(Duration::from_hours(12)).unwrap(),
        ended_at: None,
        client_address: None,
        user_agent: None,
    }
}

/// The person, signed in.
pub(crate) fn person() -> Person {
    Person {
        user: user(),
        session: user_session(),
        origin: origin(),
    }
}

/// A live token with these scopes.
pub(crate) fn api_token(scopes: &[Permission]) -> ApiToken {
    ApiToken {
        id: token_id(),
        team_id: team(),
        user_id: user_id(),
        label: TokenLabel::parse("ci").unwrap(),
        hash: token_hash(),
        scopes: scopes.iter().copied().collect(),
        allowed_networks: Vec::new(),
        created_at: beginning(),
        expires_at: beginning().checked_add(Duration::from_hours(1)).unwrap(),
        revoked_at: None,
        last_used_at: Some(beginning()),
    }
}

pub(crate) fn role(kind: RoleKind) -> Role {
    Role {
        id: id(14),
        team_id: team(),
        kind,
        name: RoleName::parse(kind.as_str()).unwrap(),
        custom_permissions: PermissionSet::NONE,
        version: 1,
    }
}

/// What is stored about a token of the owner with these scopes.
pub(crate) fn access_record(scopes: &[Permission]) -> AccessRecord {
    AccessRecord {
        credential: CredentialRecord::Token(api_token(scopes)),
        user: user(),
        team: Some(TeamAccess {
            team_id: team(),
            is_suspended: false,
            role: Some(role(RoleKind::Owner)),
        }),
    }
}

/// A usable account that was connected with a password.
pub(crate) fn account() -> PlatformAccount {
    let account_id = id(8);
    PlatformAccount {
        id: account_id,
        team_id: team(),
        platform: platform_name(),
        credential_kind: CredentialKind::Password,
        sealed_credential: custody()
            .seal_credential(&team_key(), account_id, team(), &password_credential("pw"))
            .unwrap(),
        sealed_confirmation: None,
        credential_version: 3,
        state: PlatformAccountState::Connected,
        platform_uid: PlatformUid(77),
        uid_since: beginning(),
        deletion: DeletionConfirmation::EnvironmentName,
        checked_at: beginning(),
        created_at: beginning(),
        version: 5,
    }
}

/// An environment that runs.
pub(crate) fn environment() -> Environment {
    Environment {
        id: environment_id(),
        team_id: team(),
        platform_account_id: account().id,
        name: EnvironmentName::parse("shop").unwrap(),
        display_name: DisplayName::parse("The shop").unwrap(),
        short_domain: ShortDomain::parse("shop-abc123").unwrap(),
        region: None,
        blueprint: BlueprintName::parse("wordpress").unwrap(),
        state: EnvironmentState::Running,
        held_by: None,
        platform_appid: Some(PlatformAppId("appid-1".to_owned())),
        site_url: None,
        synced_at: None,
        created_at: beginning(),
        version: 1,
    }
}

/// An add-on job that a worker has just taken.
pub(crate) fn running_job() -> Job {
    Job {
        id: job_id(),
        team_id: team(),
        kind: JobKind::AddonInstall,
        kind_version: 1,
        state: JobState::Running,
        environment_id: Some(environment_id()),
        principal: Principal::Token(token_id()),
        required_permissions: PermissionSet::all(),
        payload: encode_own(&InstallAddonPayload::new(Addon::Sftp)),
        progress: JobProgress::default(),
        waiting_for: None,
        failure: None,
        is_cancel_requested: false,
        attention: None,
        retry_of: None,
        trace_parent: None,
        created_at: beginning(),
        started_at: Some(beginning()),
        finished_at: None,
        log_sequence: 0,
        version: 1,
    }
}

/// Hands out these transactions in this order; one more is a failure of the test. The caller's rights
/// are as they were, unless a transaction says otherwise.
pub(crate) fn unit_of_work(mut transactions: Vec<MockTransaction>) -> Arc<dyn UnitOfWork> {
    for transaction in &mut transactions {
        transaction
            .jobs
            .expect_find_full_backlog()
            .returning(|_, _| Ok(None));
        transaction
            .access
            .expect_lock_access()
            .returning(|_, _| Ok(Some(access_record(Permission::ALL))));
    }
    let waiting = Mutex::new(VecDeque::from(transactions));
    let mut unit_of_work = MockUnitOfWork::new();
    unit_of_work.expect_begin().returning(move |_| {
        let next = waiting.lock().unwrap().pop_front();
        Ok(Box::new(next.expect("no further transaction is begun")))
    });
    Arc::new(unit_of_work)
}

/// No team ever has the platform asked too often.
pub(crate) fn read_budget() -> ReadBudget {
    let mut limiter = MockRateLimiter::new();
    limiter.expect_take().returning(|_| Vec::new());
    ReadBudget {
        per_minute: NonZeroU32::MIN,
        limiter: Arc::new(limiter),
        observer: Arc::new(MockObserver::default()),
    }
}

/// Accepting jobs in these transactions; `wakes` says how often workers are told. A fingerprint is
/// the text that it is made of.
pub(crate) fn acceptance(
    transactions: Vec<MockTransaction>,
    read_model: MockReadModel,
    wakes: usize,
) -> JobAcceptance {
    let mut token_hasher = MockTokenHasher::new();
    token_hasher.expect_fingerprint().returning(<[u8]>::to_vec);
    let mut wake_up = MockWakeUp::new();
    wake_up.expect_wake().times(wakes).return_const(());
    JobAcceptance {
        unit_of_work: unit_of_work(transactions),
        read_model: Arc::new(read_model),
        token_hasher: Arc::new(token_hasher),
        wake_up: Arc::new(wake_up),
        ids: Arc::new(CountingIds::default()),
        clock: Arc::new(HandClock::default()),
        backlog: BacklogLimits {
            per_team: NonZeroU32::MAX,
            in_all: NonZeroU32::MAX,
        },
        observer: Arc::new(MockObserver::default()),
    }
}

/// A transaction in which this environment is found and the key is free.
pub(crate) fn finding(environment: Environment) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .idempotency
        .expect_find_idempotency_record()
        .returning(|_| Ok(None));
    transaction
        .environments
        .expect_find_environment()
        .withf(|asked_team, asked| *asked_team == team() && *asked == environment_id())
        .returning(move |_, _| Ok(Some(environment.clone())));
    transaction
}

/// One in which the environment, the account and the team's key are fit for every job.
pub(crate) fn fitting() -> MockTransaction {
    let mut transaction = finding(environment());
    transaction
        .platform_accounts
        .expect_find_platform_account()
        .returning(|_| Ok(Some(account())));
    transaction
        .teams
        .expect_find_team_key()
        .returning(|_| Ok(Some(team_key())));
    transaction
}

/// One in which everything is accepted, as a job of this kind that takes the turns of its kind.
pub(crate) fn accepting(kind: JobKind) -> MockTransaction {
    let mut transaction = fitting();
    let MockTransaction {
        idempotency,
        jobs,
        audit,
        ..
    } = &mut transaction;
    idempotency
        .expect_insert_idempotency_record()
        .withf(move |scope, _| scope.operation == kind.as_str())
        .times(1)
        .returning(|_, _| Ok(()));
    jobs.expect_enqueue_job()
        .withf(move |job, turns| {
            let has_team = turns.first() == Some(&TurnScope::Team(team()));
            job.kind == kind
                && has_team == kind.takes_the_teams_turn()
                && turns.contains(&TurnScope::Environment(environment_id()))
        })
        .times(1)
        .returning(|_, _| Ok(()));
    audit
        .expect_append_audit_event()
        .withf(move |event| {
            event.action == kind.as_str() && event.target.starts_with(&environment_id().to_string())
        })
        .times(1)
        .returning(|_| Ok(()));
    transaction
}

/// Something installed in the sample environment, with the platform's name for it.
pub(crate) fn installation(software: Software, name: Option<&str>) -> Installation {
    Installation {
        id: id(30),
        team_id: team(),
        environment_id: environment_id(),
        software,
        platform_unique_name: name.map(|name| PlatformUniqueName(name.to_owned())),
        node_group: None,
        installed_at: beginning(),
    }
}

/// The sample environment and who asks about it.
pub(crate) fn target() -> EnvironmentTarget {
    EnvironmentTarget {
        team_id: team(),
        environment_id: environment_id(),
        idempotency_key: key(),
    }
}

/// The same environment, as if it were another team's.
pub(crate) fn foreign_target() -> EnvironmentTarget {
    EnvironmentTarget {
        team_id: foreign_team(),
        ..target()
    }
}

pub(crate) fn node_id() -> NodeId {
    id(20)
}

/// Our projection shows the environment with a node in each of these layers, numbered from 1 on; the
/// first is the sample node.
pub(crate) fn showing_layers(layers: &'static [&'static str]) -> MockReadModel {
    let mut read_model = MockReadModel::new();
    read_model.expect_find_environment().returning(move |_, _| {
        let node = |(number, layer): (u128, &&str)| Node {
            id: id(20 + number),
            platform_node_id: PlatformNodeId(1 + i64::try_from(number).unwrap()),
            node_group: NodeGroup::parse(layer).unwrap(),
            stack: "nginxphp".to_owned(),
            is_master: true,
            state: ObservedState::Running,
        };
        Ok(Some(EnvironmentDetails {
            environment: environment(),
            nodes: (0..).zip(layers).map(node).collect(),
            installations: Vec::new(),
        }))
    });
    read_model
}

/// Passes when the use case refuses one who may do everything else, and a foreign team, before any
/// store is touched.
pub(crate) async fn demands<Output: std::fmt::Debug, Run>(
    permission: Permission,
    run: impl Fn(Actor, EnvironmentTarget) -> Run,
) where
    Run: Future<Output = Result<Output, UseCaseError>>,
{
    let others = Permission::ALL.iter().copied();
    let others: Vec<_> = others.filter(|other| *other != permission).collect();
    let error = run(actor(&others), target()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::PermissionDenied);
    assert!(error.detail().contains(permission.as_str()), "{error}");
    let error = run(owner(), foreign_target()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::NotFound);
}

/// How often a transaction was committed.
pub(crate) fn commits(counter: &std::sync::atomic::AtomicUsize) -> usize {
    counter.load(Ordering::SeqCst)
}
