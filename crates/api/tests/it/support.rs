//! An API on mocked ports, and a client that speaks to its router without a socket.

mod credentials;
mod fakes;
mod operations;
mod people;
mod standing;
mod stories;

pub(crate) use credentials::rights_stay;
pub(crate) use fakes::{
    FakeHasher, GOOD_SESSION, GOOD_TOKEN, Gate, GatedUnitOfWork, OLD_SESSION, OPERATOR_SESSION,
    POOR_TOKEN, TestBus, TestLimiter,
};
pub(crate) use operations::{ENVIRONMENT, NODE, OTHER_NODE, Operation, Policy, operations};
pub(crate) use people::{Mailbox, PASSWORD};
pub(crate) use standing::Standing;
pub(crate) use stories::JobStory;

use api::{
    ApiSettings, CapacityUseCases, EnvironmentChanges, GovernanceUseCases, JobUseCases,
    LogUseCases, PeopleUseCases, RateLimits, RateQuotas, SoftwareUseCases, SyncUseCases, TeamPorts,
    TeamUseCases, UseCases, WebhookUseCases,
};
use application::authenticate::Authenticate;
use application::blueprint::{Blueprint, BlueprintCatalog};
use application::environments::{
    GetEnvironment, ListEnvironments, ListVariables, ProvisionEnvironment,
};
use application::platform_accounts::{ConnectPlatformAccount, GetPlatformAccount};
use application::refusals::RefusalRecorder;
use application::team_events::ListTeamEvents;
use application::workflows::SyncSettings;
use application::{
    AccountPolicy, CredentialCustody, JobAcceptance, LiveReads, ReadBudget, Registration,
    TeamChanges,
};
use axum::Router;
use axum::body::Body;
use domain::SecretText;
use domain::access::{AccessPolicy, PermissionSet};
use domain::audit::AuditEvent;
use domain::environment::Environment;
use domain::ids::TeamId;
use domain::names::{BlueprintName, ParameterName};
use domain::people::User;
use domain::platform_account::PlatformAccount;
use domain::ports::{
    BacklogLimits, Clock, EventBus, HostingPlatform, IdSource, MockHostResolver,
    MockHostingPlatform, MockObserver, MockPlatformSignIn, MockReadModel, MockSecretVault,
    MockTransaction, MockUnitOfWork, MockWakeUp, MockWebhookSender, PackageSpec, PlatformSignIn,
    ReadModel, TokenHasher, UnitOfWork, VaultError, WebhookSender, new_id,
};
use domain::sealed::SealedSecret;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use testkit::builders;
use testkit::clocks::SystemTestClock;
use testkit::ids::SequentialIds;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

/// The headers of the owner's browser session, with its CSRF token: the owner signed in just now, with
/// a second factor.
pub(crate) fn in_browser() -> [(&'static str, &'static str); 3] {
    [
        ("authorization", ""),
        ("cookie", "__Host-windlass=wdl_session_good"),
        ("x-csrf-token", "csrf of wdl_session_good"),
    ]
}

/// Longest a test waits for anything.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// The ports of an API under test; a test changes what it is about.
pub(crate) struct TestApi {
    pub(crate) ids: Arc<SequentialIds>,
    pub(crate) team: TeamId,
    /// Whose credentials are known.
    pub(crate) owner: User,
    pub(crate) read_model: MockReadModel,
    pub(crate) unit_of_work: Arc<dyn UnitOfWork>,
    pub(crate) sign_in: MockPlatformSignIn,
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) policy: AccountPolicy,
    pub(crate) bus: Arc<TestBus>,
    pub(crate) limiter: Arc<TestLimiter>,
    /// The origins whose pages may read answers.
    pub(crate) origins: Vec<&'static str>,
    pub(crate) is_encrypted: bool,
    pub(crate) shutdown: CancellationToken,
    pub(crate) tasks: TaskTracker,
    pub(crate) request_timeout: Duration,
    pub(crate) heartbeat: Duration,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) checks: Vec<api::ReadinessCheck>,
    pub(crate) live_tokens: Arc<Mutex<bool>>,
    /// What was refused, on a store that keeps it.
    pub(crate) refusals: Arc<RefusalRecorder>,
    pub(crate) audited: Arc<Mutex<Vec<AuditEvent>>>,
    /// What the poor token may do: nothing, unless a test says otherwise.
    pub(crate) poor_scopes: Arc<Mutex<PermissionSet>>,
}

impl TestApi {
    /// Knows one team with two tokens: one that may do everything, one that may do nothing.
    pub(crate) fn new() -> Self {
        let ids = Arc::new(SequentialIds::new());
        let team: TeamId = new_id(&*ids);
        let live_tokens = Arc::new(Mutex::new(true));
        let mut read_model = MockReadModel::new();
        let poor_scopes = Arc::new(Mutex::new(PermissionSet::NONE));
        let owner = credentials::known(&mut read_model, &ids, team, &live_tokens, &poor_scopes);
        let mut unit_of_work = MockUnitOfWork::new();
        unit_of_work
            .expect_begin()
            .returning(|_| Ok(Box::new(noting_use())));
        let clock: Arc<dyn Clock> = Arc::new(SystemTestClock);
        let audited: Arc<Mutex<Vec<AuditEvent>>> = Arc::default();
        let store = Arc::new(auditing(Arc::clone(&audited)));
        let refusals = Arc::new(RefusalRecorder::new(store, ids.clone(), Arc::clone(&clock)));
        Self {
            refusals,
            audited,
            ids,
            team,
            owner,
            read_model,
            unit_of_work: Arc::new(unit_of_work),
            sign_in: MockPlatformSignIn::new(),
            mailbox: Arc::new(Mailbox::default()),
            policy: AccountPolicy {
                registration: Registration::Open,
                second_factor_for_owners: true,
                session_idle: Duration::from_hours(1),
            },
            bus: Arc::new(TestBus::default()),
            limiter: Arc::new(TestLimiter::default()),
            origins: Vec::new(),
            is_encrypted: false,
            shutdown: CancellationToken::new(),
            tasks: TaskTracker::new(),
            request_timeout: PATIENCE,
            // Never by itself: a heartbeat must not pass for something that a test waits for.
            heartbeat: Duration::from_hours(1),
            clock,
            checks: Vec::new(),
            live_tokens,
            poor_scopes,
        }
    }

    /// Every transaction is this one; it may be begun once.
    pub(crate) fn storing(&mut self, mut transaction: MockTransaction) {
        rights_stay(&mut transaction, &self.ids, self.team);
        let transaction = Mutex::new(Some(transaction));
        let mut unit_of_work = MockUnitOfWork::new();
        unit_of_work.expect_begin().returning(move |_| {
            let transaction = transaction.lock().expect("no panic while held").take();
            Ok(Box::new(transaction.expect("begun once")))
        });
        self.unit_of_work = Arc::new(unit_of_work);
    }

    /// The transactions that are begun, in this order.
    pub(crate) fn storing_in_turn<const COUNT: usize>(
        &mut self,
        transactions: [MockTransaction; COUNT],
    ) {
        let waiting = Mutex::new(VecDeque::from(transactions));
        let mut unit_of_work = MockUnitOfWork::new();
        unit_of_work.expect_begin().returning(move |_| {
            let next = waiting.lock().expect("no panic while held").pop_front();
            Ok(Box::new(next.expect("no further transaction is begun")))
        });
        self.unit_of_work = Arc::new(unit_of_work);
    }

    pub(crate) fn account(&self) -> PlatformAccount {
        builders::platform_account(&*self.ids, self.team)
    }

    pub(crate) fn environment(&self, name: &str) -> Environment {
        builders::environment(&*self.ids, &self.account(), name)
    }

    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/v1/teams/{}{rest}", self.team)
    }

    /// The router of these ports.
    pub(crate) fn router(self) -> Router {
        let read_model: Arc<dyn ReadModel> = Arc::new(self.read_model);
        let hasher: Arc<dyn TokenHasher> = Arc::new(FakeHasher);
        let mut settings = ApiSettings::new(
            Arc::clone(&hasher),
            Arc::clone(&read_model),
            RateLimits {
                quotas: RateQuotas::default(),
                limiter: self.limiter,
            },
            self.shutdown,
            self.tasks,
        );
        settings.request_timeout = self.request_timeout;
        settings.stream_heartbeat = self.heartbeat;
        settings.readiness_checks = self.checks;
        settings.is_encrypted = self.is_encrypted;
        let origins = self.origins.into_iter().map(HeaderValue::from_static);
        settings.allowed_origins = origins.collect();
        let ports = Ports {
            read_model,
            hasher,
            unit_of_work: self.unit_of_work,
            sign_in: Arc::new(self.sign_in),
            custody: CredentialCustody::new(Arc::new(vault())),
            mailbox: self.mailbox,
            event_bus: self.bus,
            wake_up: Arc::new(waking()),
            ids: self.ids,
            clock: self.clock,
        };
        let use_cases = ports.use_cases(self.policy, self.refusals);
        api::router(use_cases, settings)
    }

    pub(crate) fn client(self) -> Client {
        Client(self.router())
    }
}

/// Refuses nothing, and is never asked to send.
fn webhook_sender() -> Arc<dyn WebhookSender> {
    let mut sender = MockWebhookSender::new();
    sender.expect_refusal().returning(|_| None);
    Arc::new(sender)
}

/// The ports that use cases are built of.
struct Ports {
    read_model: Arc<dyn ReadModel>,
    hasher: Arc<dyn TokenHasher>,
    unit_of_work: Arc<dyn UnitOfWork>,
    sign_in: Arc<dyn PlatformSignIn>,
    custody: CredentialCustody,
    mailbox: Arc<Mailbox>,
    event_bus: Arc<dyn EventBus>,
    wake_up: Arc<MockWakeUp>,
    ids: Arc<dyn IdSource>,
    clock: Arc<dyn Clock>,
}

impl Ports {
    fn use_cases(self, policy: AccountPolicy, refusals: Arc<RefusalRecorder>) -> UseCases {
        let platform: Arc<dyn HostingPlatform> = Arc::new(configured_platform());
        let acceptance = self.acceptance();
        let connect = self.connect();
        let accounts = people::accounts(
            (&self.unit_of_work, &self.hasher),
            self.custody.clone(),
            Arc::clone(&self.mailbox),
            (Arc::clone(&self.ids), Arc::clone(&self.clock)),
        );
        let read_model = || Arc::clone(&self.read_model);
        let reads = Arc::new(LiveReads::new(
            Arc::clone(&platform),
            read_model(),
            Arc::clone(&self.clock),
            ReadBudget {
                per_minute: NonZeroU32::MAX,
                limiter: Arc::new(TestLimiter::default()),
                observer: Arc::new(MockObserver::default()),
            },
        ));
        UseCases {
            people: PeopleUseCases::new(&accounts, &connect, &self.read_model, policy),
            authenticate: self.authenticate(),
            governance: GovernanceUseCases::new(&connect, &self.read_model, refusals),
            connect_platform_account: connect,
            get_platform_account: GetPlatformAccount {
                read_model: read_model(),
            },
            teams: TeamUseCases::new(&self.team_ports()),
            webhooks: WebhookUseCases::new(&self.team_ports(), &webhook_sender()),
            changes: EnvironmentChanges::new(&acceptance, &self.custody, &platform),
            capacity: CapacityUseCases::new(
                &reads,
                Arc::new(leading_nowhere()),
                Arc::new(blueprints()),
            ),
            software: SoftwareUseCases::new(&acceptance, &self.read_model, &platform),
            list_variables: ListVariables {
                reads: Arc::clone(&reads),
                changes: self.team_ports().changes,
            },
            logs: LogUseCases::new(reads),
            syncs: SyncUseCases::new(&acceptance, SyncSettings::default()),
            jobs: JobUseCases::new(&acceptance, &self.custody, &self.event_bus),
            provision_environment: ProvisionEnvironment {
                acceptance,
                platform,
                blueprints: Arc::new(blueprints()),
            },
            get_environment: GetEnvironment {
                read_model: read_model(),
            },
            list_environments: ListEnvironments {
                read_model: read_model(),
            },
            list_team_events: ListTeamEvents {
                read_model: read_model(),
            },
            event_bus: self.event_bus,
            ids: self.ids,
            clock: self.clock,
        }
    }

    fn acceptance(&self) -> JobAcceptance {
        JobAcceptance {
            unit_of_work: Arc::clone(&self.unit_of_work),
            read_model: Arc::clone(&self.read_model),
            token_hasher: Arc::clone(&self.hasher),
            wake_up: self.wake_up.clone(),
            ids: Arc::clone(&self.ids),
            clock: Arc::clone(&self.clock),
            backlog: BacklogLimits {
                per_team: NonZeroU32::MAX,
                in_all: NonZeroU32::MAX,
            },
            observer: Arc::new(MockObserver::default()),
        }
    }

    fn connect(&self) -> ConnectPlatformAccount {
        ConnectPlatformAccount {
            unit_of_work: Arc::clone(&self.unit_of_work),
            sign_in: Arc::clone(&self.sign_in),
            custody: self.custody.clone(),
            ids: Arc::clone(&self.ids),
            clock: Arc::clone(&self.clock),
            demands_second_factor: true,
        }
    }

    fn team_ports(&self) -> TeamPorts {
        TeamPorts {
            changes: TeamChanges {
                unit_of_work: Arc::clone(&self.unit_of_work),
                ids: Arc::clone(&self.ids),
                clock: Arc::clone(&self.clock),
            },
            read_model: Arc::clone(&self.read_model),
            token_hasher: Arc::clone(&self.hasher),
            custody: self.custody.clone(),
            mailer: self.mailbox.clone(),
            sign_in: Arc::clone(&self.sign_in),
            second_factor_for_owners: true,
            platforms: std::iter::once(domain::names::PlatformName::parse("main").expect("a name"))
                .collect(),
        }
    }

    fn authenticate(&self) -> Authenticate {
        Authenticate {
            read_model: Arc::clone(&self.read_model),
            unit_of_work: Arc::clone(&self.unit_of_work),
            token_hasher: Arc::clone(&self.hasher),
            ids: Arc::clone(&self.ids),
            clock: Arc::clone(&self.clock),
            policy: AccessPolicy::of_requests(Duration::from_hours(1)),
        }
    }
}

/// Keeps the audit events that are written.
fn auditing(audited: Arc<Mutex<Vec<AuditEvent>>>) -> MockUnitOfWork {
    let mut unit_of_work = MockUnitOfWork::new();
    unit_of_work.expect_begin().returning(move |_| {
        let audited = Arc::clone(&audited);
        let mut transaction = MockTransaction::default();
        transaction
            .audit
            .expect_append_audit_event()
            .returning(move |event| {
                let mut audited = audited.lock().expect("no panic while held");
                audited.push(event.clone());
                Ok(())
            });
        Ok(Box::new(transaction))
    });
    unit_of_work
}

/// Takes the notes that a credential was used, and nothing else.
fn noting_use() -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .api_tokens
        .expect_note_api_token_use()
        .returning(|_, _, _| Ok(()));
    transaction
        .user_sessions
        .expect_note_user_session_use()
        .returning(|_, _| Ok(()));
    transaction
}

/// Knows no name.
fn leading_nowhere() -> MockHostResolver {
    let mut resolver = MockHostResolver::new();
    resolver.expect_resolve().returning(|_| Vec::new());
    resolver
}

fn waking() -> MockWakeUp {
    let mut wake_up = MockWakeUp::new();
    wake_up.expect_wake().return_const(());
    wake_up
}

/// Everything is mapped on it.
fn configured_platform() -> MockHostingPlatform {
    let mut platform = MockHostingPlatform::default();
    platform
        .software
        .expect_is_addon_configured()
        .return_const(true);
    platform
        .software
        .expect_is_backup_configured()
        .return_const(true);
    platform
        .software
        .expect_mbadmin_package()
        .returning(|_| Some(mbadmin()));
    platform
        .software
        .expect_mbadmin_parameters()
        .returning(|_, _| Some(vec![ParameterName::parse("ttl").expect("a name")]));
    platform
}

fn mbadmin() -> PackageSpec {
    PackageSpec {
        source: "example-mbadmin".to_owned(),
        node_group: None,
        settings: BTreeMap::new(),
    }
}

fn vault() -> MockSecretVault {
    let mut vault = MockSecretVault::new();
    vault
        .expect_new_key()
        .returning(|_| Ok(builders::wrapped_key()));
    vault
        .expect_seal()
        .returning(|_, _, _| Ok(SealedSecret(b"sealed".to_vec())));
    vault
        .expect_open()
        .returning(|_, _, sealed| match sealed.0.as_slice() {
            b"sealed" => Ok(SecretText::new("owner@example.com\nhunter2".to_owned())),
            _ => Err(VaultError),
        });
    vault
}

fn blueprints() -> BlueprintCatalog {
    BlueprintCatalog::from_iter([Blueprint {
        name: BlueprintName::parse("wordpress").expect("the name is valid"),
        layers: Vec::new(),
        package: None,
    }])
}

/// An answer, its body read.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("a text header"))
    }

    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// Checks everything that every problem promises.
    #[track_caller]
    pub(crate) fn assert_problem(&self, status: u16, code: &str) {
        assert_eq!(self.code(), code, "{}", self.text);
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.body["status"], status);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.body["type"], format!("/v1/errors#{code}"));
        for field in ["title", "detail"] {
            let text = self.body[field].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "{field}: {}", self.text);
        }
        assert!(self.body["retryable"].is_boolean(), "{}", self.text);
        let request_id = self.body["request_id"].as_str().unwrap_or_default();
        assert!(request_id.starts_with("req_"), "{}", self.text);
        assert_eq!(self.header("request-id"), request_id);
    }

    /// Checks which place is at fault, too.
    #[track_caller]
    pub(crate) fn assert_fault(&self, location: &str, pointer: &str) {
        assert_eq!(self.body["errors"][0]["in"], location, "{}", self.text);
        assert_eq!(self.body["errors"][0]["pointer"], pointer, "{}", self.text);
    }
}

/// Speaks to a router without a socket, as the token that may do everything unless told otherwise.
#[derive(Clone)]
pub(crate) struct Client(pub(crate) Router);

impl Client {
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.0.clone().oneshot(request).await;
        let response = response.expect("routers do not fail");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a whole body").to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_str(&text).unwrap_or(Value::Null),
            text,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(request(Method::GET, path, &[], "")).await
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        let key = [("idempotency-key", "key-1")];
        self.send(request(Method::POST, path, &key, body)).await
    }
}

/// A request of the token that may do everything; `authorization` among the headers replaces it, an
/// empty one removes it. A body is JSON.
pub(crate) fn request(
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Request<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "windlass.example.com");
    let given = |name: &str| headers.iter().any(|(given, _)| *given == name);
    if !given("authorization") {
        request = request.header("authorization", format!("Bearer {GOOD_TOKEN}"));
    }
    if !body.is_empty() && !given("content-type") {
        request = request.header("content-type", "application/json");
    }
    for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body.to_owned()));
    request.expect("a well-formed request")
}
