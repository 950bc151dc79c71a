//! What the tests share: accounts, tickets, sessions, platforms on a server.

use domain::SecretText;
use domain::ids::{EntityId, PlatformAccountId, StepAttemptId, TeamId};
use domain::names::{
    NodeGroup, ParameterName, PlatformLogin, PlatformName, ScriptName, ShortDomain,
};
use domain::platform_account::{PlatformAccountRef, PlatformCredential, PlatformUid};
use domain::ports::{
    Clock, CreationTag, EnvironmentSpec, LayerSpec, MockPlatformSessions, MutationTicket,
    PackageSpec, PlatformEnvironments, PlatformSession, PlatformSessions, PlatformSignIn,
    SessionError,
};
use domain::software::{Addon, MbadminAction};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use testkit::clocks::SystemTestClock;
use uuid::Uuid;
use virtuozzo_adapter::{
    ActionMapping, AddonMapping, BackupMapping, MbadminMapping, PlatformConfiguration,
    PlatformDirectory, RestoreMapping, VirtuozzoPlatforms, VirtuozzoSignIn,
};
use virtuozzo_simulator::{Simulator, SimulatorOptions, World};

pub(crate) const LOGIN: &str = "owner@example.com";
pub(crate) const PASSWORD: &str = "example-password";
pub(crate) const MBADMIN: &str = "example-mbadmin";
pub(crate) const PACKAGE: &str = "https://packages.example.com/wordpress/manifest.yaml";

pub(crate) fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemTestClock)
}

pub(crate) fn platform_name() -> PlatformName {
    PlatformName::parse("example").unwrap()
}

pub(crate) fn account() -> PlatformAccountRef {
    PlatformAccountRef {
        account_id: PlatformAccountId::from_uuid(Uuid::from_u128(1)),
        team_id: TeamId::from_uuid(Uuid::from_u128(2)),
        platform: platform_name(),
        credential_version: 1,
        platform_uid: PlatformUid(4127),
    }
}

pub(crate) fn attempt(number: u128) -> StepAttemptId {
    StepAttemptId::from_uuid(Uuid::from_u128(number))
}

/// A ticket with ample time.
pub(crate) fn ticket(number: u128) -> MutationTicket {
    MutationTicket {
        attempt: attempt(number),
        send_by: clock().instant().plus(Duration::from_secs(30)),
        answer_within: Duration::from_secs(30),
    }
}

pub(crate) fn short_domain() -> ShortDomain {
    ShortDomain::parse("shop-abc123").unwrap()
}

pub(crate) fn spec(number: u128) -> EnvironmentSpec {
    let layer = |group: &str, stack: &str| LayerSpec {
        node_group: NodeGroup::parse(group).unwrap(),
        stack: stack.into(),
        version: None,
        count: 1,
        cloudlets_reserved: 1,
        cloudlets_limit: 8,
        disk_limit_gb: None,
    };
    EnvironmentSpec {
        short_domain: short_domain(),
        creation_tag: CreationTag::of(attempt(number)),
        region: None,
        layers: vec![layer("cp", "nginxphp-dockerized"), layer("sqldb", "mysql8")],
    }
}

pub(crate) fn package() -> PackageSpec {
    PackageSpec {
        source: PACKAGE.into(),
        node_group: None,
        settings: BTreeMap::new(),
    }
}

/// What our actions of mbadmin are in the tests.
fn mbadmin() -> MbadminMapping {
    let named = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter();
        pairs
            .map(|(ours, theirs)| (ParameterName::parse(ours).unwrap(), (*theirs).to_owned()))
            .collect()
    };
    let mapping = |ours: &str, theirs: &str, parameters| {
        let mapping = ActionMapping {
            action: theirs.into(),
            parameters: named(parameters),
        };
        (MbadminAction::parse(ours).unwrap(), mapping)
    };
    let configured = [("ttl", "exampleTtl"), ("size", "exampleSize")];
    MbadminMapping {
        package: PackageSpec {
            source: MBADMIN.into(),
            node_group: Some(NodeGroup::parse("cp").unwrap()),
            settings: BTreeMap::new(),
        },
        actions: BTreeMap::from([
            mapping("redis.flush", "flushRedis", &[]),
            mapping("redis.disable", "disableRedis", &[]),
            mapping("redis.configure", "configureRedis", &configured),
        ]),
    }
}

/// A platform that fails fast and maps two add-ons, some actions of mbadmin and one script.
pub(crate) fn configuration(base_url: &str) -> PlatformConfiguration {
    let mut configuration = PlatformConfiguration::new(platform_name(), base_url);
    configuration.retry_backoff = Duration::from_millis(1);
    let sftp = AddonMapping {
        app_id: "example-sftp-addon".into(),
        node_group: Some("cp".into()),
        settings: BTreeMap::new(),
    };
    configuration.addons.insert(Addon::Sftp, sftp);
    let backup = AddonMapping {
        app_id: "example-backup-addon".into(),
        node_group: Some("cp".into()),
        settings: BTreeMap::new(),
    };
    configuration.addons.insert(Addon::Backup, backup);
    configuration.backups = BackupMapping {
        create: Some("exampleBackup".into()),
        restore: Some(RestoreMapping {
            action: "exampleRestore".into(),
            snapshot: "exampleSnapshot".into(),
        }),
    };
    configuration.mbadmin = Some(mbadmin());
    let warm_up = ScriptName::parse("warm-up").unwrap();
    configuration.scripts.insert(warm_up, "warmup".into());
    configuration
}

pub(crate) fn directory(configuration: PlatformConfiguration) -> Arc<PlatformDirectory> {
    PlatformDirectory::new(vec![configuration], &clock()).unwrap()
}

pub(crate) fn session(key: &str, generation: i64) -> PlatformSession {
    PlatformSession {
        key: SecretText::new(key.into()),
        generation,
    }
}

/// Sessions that give one key and must never be asked for another.
pub(crate) fn one_session() -> Arc<dyn PlatformSessions> {
    let mut sessions = MockPlatformSessions::new();
    sessions
        .expect_current()
        .returning(|_| Ok(session("first-key", 1)));
    sessions.expect_renew().never();
    Arc::new(sessions)
}

pub(crate) fn platforms(configuration: PlatformConfiguration) -> VirtuozzoPlatforms {
    VirtuozzoPlatforms::new(directory(configuration), one_session())
}

pub(crate) fn password() -> PlatformCredential {
    PlatformCredential::Password {
        login: PlatformLogin::parse(LOGIN).unwrap(),
        password: SecretText::new(PASSWORD.into()),
    }
}

/// Sessions that sign in for real, every time they are asked.
struct SigningIn(VirtuozzoSignIn);

#[async_trait::async_trait]
impl PlatformSessions for SigningIn {
    async fn current(&self, _: &PlatformAccountRef) -> Result<PlatformSession, SessionError> {
        let signed_in = self.0.sign_in(&platform_name(), &password()).await;
        let signed_in = signed_in.map_err(|error| SessionError::Unavailable(Box::new(error)))?;
        Ok(PlatformSession {
            key: signed_in.session_key,
            generation: 1,
        })
    }

    async fn renew(
        &self,
        account: &PlatformAccountRef,
        _: i64,
    ) -> Result<PlatformSession, SessionError> {
        self.current(account).await
    }
}

/// A running simulator and the adapter on it.
pub(crate) struct Simulated {
    pub(crate) simulator: Simulator,
    pub(crate) platforms: Arc<VirtuozzoPlatforms>,
    pub(crate) sign_in: VirtuozzoSignIn,
}

impl Simulated {
    pub(crate) async fn start(world: World) -> Self {
        Self::start_with_time_scale(world, 0.0).await
    }

    pub(crate) async fn start_with_time_scale(world: World, time_scale: f64) -> Self {
        let options = SimulatorOptions {
            world,
            time_scale,
            ..SimulatorOptions::default()
        };
        let simulator = Simulator::start(options).await.unwrap();
        let directory = directory(configuration(&simulator.base_url()));
        let sessions = Arc::new(SigningIn(VirtuozzoSignIn::new(Arc::clone(&directory))));
        Self {
            simulator,
            platforms: Arc::new(VirtuozzoPlatforms::new(Arc::clone(&directory), sessions)),
            sign_in: VirtuozzoSignIn::new(directory),
        }
    }

    /// With one environment made by attempt 1.
    pub(crate) async fn with_environment() -> Self {
        Self::with_environment_in(World::example()).await
    }

    /// The same in another world.
    pub(crate) async fn with_environment_in(world: World) -> Self {
        let simulated = Self::start(world).await;
        let outcome = simulated
            .platforms
            .create_environment(&account(), ticket(1), &spec(1))
            .await;
        assert!(matches!(outcome, domain::ports::MutationOutcome::Done(_)));
        simulated
    }
}
