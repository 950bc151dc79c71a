//! Sample data and small stand-ins for the tests of this crate: one team with its account, an
//! environment, a job; a clock that moves when it is told to, and a vault that seals without hiding.

use crate::workflows::payloads::{InstallAddonPayload, encode_own};
use crate::{CredentialCustody, JobAcceptance};
use async_trait::async_trait;
use domain::SecretText;
use domain::access::{Actor, Permission, PermissionSet, Principal, RequestOrigin};
use domain::environment::{Environment, EnvironmentState, PlatformAppId};
use domain::ids::{ApiTokenId, EntityId, EnvironmentId, JobId, ProcessId, TeamId};
use domain::job::{Job, JobKind, JobProgress, JobState};
use domain::names::{
    BlueprintName, DisplayName, EnvironmentName, IdempotencyKey, PlatformLogin, PlatformName,
    ShortDomain,
};
use domain::platform_account::{
    CredentialKind, DeletionConfirmation, PlatformAccount, PlatformAccountState,
    PlatformCredential, PlatformUid,
};
use domain::ports::{
    Clock, IdSource, Instant, MockReadModel, MockTokenHasher, MockTransaction, MockUnitOfWork,
    MockWakeUp, SealContext, SecretVault, UnitOfWork, VaultError,
};
use domain::software::Addon;
use domain::team::{SealedSecret, WrappedTeamKey};
use jiff::Timestamp;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
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

pub(crate) fn team_key() -> WrappedTeamKey {
    WrappedTeamKey(b"team key".to_vec())
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
        payload: encode_own(&InstallAddonPayload::new(Addon::Sftp)),
        progress: JobProgress::default(),
        waiting_for: None,
        failure: None,
        is_cancel_requested: false,
        retry_of: None,
        created_at: beginning(),
        started_at: Some(beginning()),
        finished_at: None,
        log_sequence: 0,
        version: 1,
    }
}

/// A clock that stands still; sleeping on it moves it and returns at once.
#[derive(Default)]
pub(crate) struct HandClock(Mutex<Duration>);

impl HandClock {
    pub(crate) fn advance(&self, duration: Duration) {
        *self.0.lock().unwrap() += duration;
    }

    fn elapsed(&self) -> Duration {
        *self.0.lock().unwrap()
    }
}

#[async_trait]
impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        beginning().checked_add(self.elapsed()).unwrap()
    }

    fn instant(&self) -> Instant {
        // Not the same origin as the wall clock, and not zero: mixing them up must show.
        Instant(Duration::from_secs(500) + self.elapsed())
    }

    async fn sleep(&self, duration: Duration) {
        self.advance(duration);
    }
}

/// Identifiers in order, from a thousand on.
pub(crate) struct CountingIds(AtomicU64);

impl Default for CountingIds {
    fn default() -> Self {
        Self(AtomicU64::new(1_000))
    }
}

impl IdSource for CountingIds {
    fn uuid(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::SeqCst)))
    }
}

/// Seals by writing down where the secret belongs; opens only there.
struct LabellingVault;

fn sealing_label(key: &WrappedTeamKey, context: &SealContext) -> String {
    format!("{:?} {context:?} ", key.0)
}

impl SecretVault for LabellingVault {
    fn new_team_key(&self, _team: TeamId) -> Result<WrappedTeamKey, VaultError> {
        Ok(team_key())
    }

    fn seal(
        &self,
        key: &WrappedTeamKey,
        context: &SealContext,
        secret: &SecretText,
    ) -> Result<SealedSecret, VaultError> {
        let text = sealing_label(key, context) + secret.expose();
        Ok(SealedSecret(text.into_bytes()))
    }

    fn open(
        &self,
        key: &WrappedTeamKey,
        context: &SealContext,
        sealed: &SealedSecret,
    ) -> Result<SecretText, VaultError> {
        let text = String::from_utf8(sealed.0.clone()).map_err(|_| VaultError)?;
        let secret = text.strip_prefix(&sealing_label(key, context));
        secret
            .map(|secret| SecretText::new(secret.to_owned()))
            .ok_or(VaultError)
    }
}

pub(crate) fn custody() -> CredentialCustody {
    CredentialCustody::new(Arc::new(LabellingVault))
}

/// Hands out these transactions in this order; one more is a failure of the test.
pub(crate) fn unit_of_work(transactions: Vec<MockTransaction>) -> Arc<dyn UnitOfWork> {
    let waiting = Mutex::new(VecDeque::from(transactions));
    let mut unit_of_work = MockUnitOfWork::new();
    unit_of_work.expect_begin().returning(move |_| {
        let next = waiting.lock().unwrap().pop_front();
        Ok(Box::new(next.expect("no further transaction is begun")))
    });
    Arc::new(unit_of_work)
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
    }
}

/// How often a transaction was committed.
pub(crate) fn commits(counter: &std::sync::atomic::AtomicUsize) -> usize {
    counter.load(Ordering::SeqCst)
}
