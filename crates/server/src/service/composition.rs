//! Puts adapters behind ports and ports into use cases. Nothing else in the house builds an adapter.

use super::StartError;
use super::coordination::Coordination;
use super::metrics_observer::MetricsObserver;
use super::sampling::Sampling;
use crate::configuration::Configuration;
use crate::system::SystemIds;
use api::{
    ApiSettings, CapacityUseCases, EnvironmentChanges, GovernanceUseCases, JobUseCases,
    LogUseCases, PeopleUseCases, RateLimits, RateQuotas, ReadinessCheck, ServeOptions,
    SoftwareUseCases, SyncUseCases, TeamPorts, TeamUseCases, UseCases, WebhookUseCases,
};
use application::audit::CheckpointAuditTrails;
use application::authenticate::Authenticate;
use application::blueprint::BlueprintCatalog;
use application::environments::{
    GetEnvironment, ListEnvironments, ListVariables, ProvisionEnvironment,
};
use application::keys::rewrap::RewrapKeys;
use application::people::Accounts;
use application::platform_accounts::{ConnectPlatformAccount, GetPlatformAccount};
use application::platform_sessions::StoredPlatformSessions;
use application::reconciliation::StartDueSyncs;
use application::refusals::RefusalRecorder;
use application::team_events::ListTeamEvents;
use application::webhooks::{SendDueMessages, TellWebhooks};
use application::workflows::{SyncSettings, WorkflowCatalog, WorkflowRunner};
use application::{
    AccountPolicy, CredentialCustody, JobAcceptance, KnownPlatforms, LiveReads, ReadBudget,
    TeamChanges,
};
use custody_adapter::{Authenticator, EnvelopeVault, LiveKeyRing, PasswordThreads, TokenForge};
use delivery_adapter::{HttpWebhookSender, SystemResolver};
use domain::access::AccessPolicy;
use domain::ids::ProcessId;
use domain::ports::{
    AuditSealer, BacklogLimits, Clock, EventBus, HostingPlatform, IdSource, JobQueue, Mailer,
    Observer, PlatformSignIn, RateLimiter, ReadModel, TeamLock, TokenHasher, UnitOfWork, WakeUp,
    WebhookQueue, WebhookSender,
};
use persistence_adapter::Database;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use virtuozzo_adapter::{PlatformDirectory, VirtuozzoPlatforms, VirtuozzoSignIn};
use worker::{WebhookDispatch, Worker, WorkerSettings};

/// The queue is looked at this often when no wake-up comes.
const WORKER_POLL_INTERVAL: Duration = Duration::from_secs(1);

/// Every port with the adapter behind it.
pub(super) struct Parts {
    process_id: ProcessId,
    unit_of_work: Arc<dyn UnitOfWork>,
    job_queue: Arc<dyn JobQueue>,
    read_model: Arc<dyn ReadModel>,
    platform: Arc<dyn HostingPlatform>,
    sign_in: Arc<dyn PlatformSignIn>,
    custody: CredentialCustody,
    token_hasher: Arc<dyn TokenHasher>,
    team_lock: Arc<dyn TeamLock>,
    wake_up: Arc<dyn WakeUp>,
    event_bus: Arc<dyn EventBus>,
    ids: Arc<dyn IdSource>,
    clock: Arc<dyn Clock>,
    /// Seals the audit trails; the database has the same.
    audit_sealer: Arc<dyn AuditSealer>,
    mailer: Arc<dyn Mailer>,
    passwords: Arc<PasswordThreads>,
    observer: Arc<dyn Observer>,
    account_policy: AccountPolicy,
    backlog: BacklogLimits,
    sync: SyncSettings,
    blueprints: Arc<BlueprintCatalog>,
    platforms: KnownPlatforms,
    rate_limiter: Arc<dyn RateLimiter>,
    rate_quotas: RateQuotas,
    webhook_queue: Arc<dyn WebhookQueue>,
    webhook_sender: Arc<dyn WebhookSender>,
    readiness_checks: Vec<ReadinessCheck>,
}

/// What is opened and running before anything can be put together.
pub(super) struct Foundation<'a> {
    pub(super) process_id: ProcessId,
    pub(super) database: &'a Database,
    pub(super) coordination: &'a Coordination,
    pub(super) key_ring: &'a Arc<LiveKeyRing>,
    pub(super) audit_sealer: Arc<dyn AuditSealer>,
    pub(super) mailer: Arc<dyn Mailer>,
}

/// Wraps keys of teams and people anew, for the rotation of master keys.
pub(super) fn rewrap_keys(database: &Database, key_ring: &Arc<LiveKeyRing>) -> RewrapKeys {
    RewrapKeys {
        unit_of_work: Arc::new(database.clone()),
        read_model: Arc::new(database.clone()),
        processes: Arc::new(database.clone()),
        vault: Arc::new(EnvelopeVault::new(Arc::clone(key_ring))),
        ids: Arc::new(SystemIds),
    }
}

impl Parts {
    pub(super) fn assemble(
        configuration: &Configuration,
        foundation: Foundation<'_>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StartError> {
        let Foundation {
            process_id,
            database,
            coordination,
            key_ring,
            audit_sealer,
            mailer,
        } = foundation;
        let unit_of_work: Arc<dyn UnitOfWork> = Arc::new(database.clone());
        let read_model: Arc<dyn ReadModel> = Arc::new(database.clone());
        let custody = CredentialCustody::new(Arc::new(EnvelopeVault::new(Arc::clone(key_ring))));
        let directory = PlatformDirectory::new(configuration.platforms.clone(), &clock)?;
        let sign_in: Arc<dyn PlatformSignIn> =
            Arc::new(VirtuozzoSignIn::new(Arc::clone(&directory)));
        let observer: Arc<dyn Observer> = Arc::new(MetricsObserver::start());
        let sessions = StoredPlatformSessions {
            unit_of_work: Arc::clone(&unit_of_work),
            read_model: Arc::clone(&read_model),
            custody: custody.clone(),
            sign_in: Arc::clone(&sign_in),
            clock: Arc::clone(&clock),
            process_id,
            observer: Arc::clone(&observer),
        };
        Ok(Self {
            process_id,
            unit_of_work,
            job_queue: Arc::new(database.clone()),
            read_model,
            platform: Arc::new(VirtuozzoPlatforms::new(directory, Arc::new(sessions))),
            sign_in,
            custody,
            token_hasher: Arc::new(TokenForge::new(Arc::clone(key_ring))),
            team_lock: coordination.team_lock(),
            wake_up: coordination.wake_up(),
            event_bus: coordination.event_bus(),
            ids: Arc::new(SystemIds),
            clock,
            audit_sealer,
            mailer,
            passwords: Arc::new(PasswordThreads::start()?),
            observer,
            account_policy: AccountPolicy {
                registration: configuration.accounts.registration,
                second_factor_for_owners: configuration.accounts.second_factor_for_owners,
                session_idle: configuration.accounts.session_idle,
            },
            backlog: configuration.backlog,
            sync: configuration.jobs.sync,
            blueprints: Arc::new(configuration.blueprints.iter().cloned().collect()),
            platforms: configuration.platform_names(),
            rate_limiter: coordination.rate_limiter(),
            rate_quotas: configuration.rate_quotas,
            webhook_queue: Arc::new(database.clone()),
            webhook_sender: Arc::new(HttpWebhookSender::new(configuration.webhooks_allow_private)),
            readiness_checks: coordination.readiness_checks(),
        })
    }

    /// The embedded database belongs to this process alone: whoever held jobs before is dead.
    pub(super) async fn forget_dead_owners(&self) -> Result<(), StartError> {
        Ok(self.job_queue.expire_all_leases().await?)
    }

    pub(super) fn worker(&self, configuration: &Configuration) -> Worker {
        let runner = WorkflowRunner {
            unit_of_work: Arc::clone(&self.unit_of_work),
            job_queue: Arc::clone(&self.job_queue),
            read_model: Arc::clone(&self.read_model),
            platform: Arc::clone(&self.platform),
            custody: self.custody.clone(),
            team_lock: Arc::clone(&self.team_lock),
            events: Arc::clone(&self.event_bus),
            ids: Arc::clone(&self.ids),
            clock: Arc::clone(&self.clock),
            observer: Arc::clone(&self.observer),
            settings: configuration.jobs,
        };
        let settings = WorkerSettings {
            concurrency: configuration.worker.concurrency,
            background: configuration.worker.background,
            rooms: configuration.rooms,
            poll_interval: WORKER_POLL_INTERVAL,
            drain_timeout: configuration.worker.drain_timeout,
            kinds: WorkflowCatalog::runnable_kinds(),
        };
        let worker = Worker::new(
            self.process_id,
            Arc::clone(&self.job_queue),
            Arc::clone(&self.wake_up),
            Arc::clone(&self.clock),
            runner,
            settings,
        );
        let sync = configuration.jobs.sync;
        if sync.interval.is_zero() {
            return worker;
        }
        worker.with_due_syncs(StartDueSyncs {
            unit_of_work: Arc::clone(&self.unit_of_work),
            read_model: Arc::clone(&self.read_model),
            wake_up: Arc::clone(&self.wake_up),
            ids: Arc::clone(&self.ids),
            clock: Arc::clone(&self.clock),
            settings: sync,
        })
    }

    /// Serves webhooks.
    pub(super) fn webhook_dispatch(&self) -> WebhookDispatch {
        let (ids, clock) = (|| Arc::clone(&self.ids), || Arc::clone(&self.clock));
        WebhookDispatch {
            tell: TellWebhooks {
                queue: Arc::clone(&self.webhook_queue),
                read_model: Arc::clone(&self.read_model),
                unit_of_work: Arc::clone(&self.unit_of_work),
                ids: ids(),
                clock: clock(),
            },
            send: SendDueMessages {
                queue: Arc::clone(&self.webhook_queue),
                read_model: Arc::clone(&self.read_model),
                unit_of_work: Arc::clone(&self.unit_of_work),
                custody: self.custody.clone(),
                sender: Arc::clone(&self.webhook_sender),
                ids: ids(),
                clock: clock(),
            },
            clock: clock(),
        }
    }

    /// Shows states as metrics.
    pub(super) fn sampling(&self, database: &Database, coordination: &Coordination) -> Sampling {
        Sampling {
            statistics: Arc::new(database.clone()),
            passwords: Arc::clone(&self.passwords),
            redis: coordination.redis(),
            checks: self.readiness_checks.clone(),
        }
    }

    /// Sums up the audit trails.
    pub(super) fn checkpoints(&self) -> CheckpointAuditTrails {
        CheckpointAuditTrails {
            read_model: Arc::clone(&self.read_model),
            sealer: Arc::clone(&self.audit_sealer),
        }
    }

    pub(super) fn use_cases(&self) -> UseCases {
        let read_model = || Arc::clone(&self.read_model);
        let unit_of_work = || Arc::clone(&self.unit_of_work);
        let (ids, clock) = (|| Arc::clone(&self.ids), || Arc::clone(&self.clock));
        let acceptance = JobAcceptance {
            unit_of_work: unit_of_work(),
            read_model: read_model(),
            token_hasher: Arc::clone(&self.token_hasher),
            wake_up: Arc::clone(&self.wake_up),
            ids: ids(),
            clock: clock(),
            backlog: self.backlog,
            observer: Arc::clone(&self.observer),
        };
        let connect = ConnectPlatformAccount {
            unit_of_work: unit_of_work(),
            sign_in: Arc::clone(&self.sign_in),
            custody: self.custody.clone(),
            ids: ids(),
            clock: clock(),
            demands_second_factor: self.account_policy.second_factor_for_owners,
        };
        let refusals = Arc::new(RefusalRecorder::new(unit_of_work(), ids(), clock()));
        let reads = self.live_reads();
        UseCases {
            authenticate: self.authenticate(),
            people: PeopleUseCases::new(
                &self.accounts(),
                &connect,
                &self.read_model,
                self.account_policy,
            ),
            governance: GovernanceUseCases::new(&connect, &self.read_model, refusals),
            connect_platform_account: connect,
            get_platform_account: GetPlatformAccount {
                read_model: read_model(),
            },
            teams: TeamUseCases::new(&self.team_ports()),
            webhooks: WebhookUseCases::new(&self.team_ports(), &self.webhook_sender),
            changes: EnvironmentChanges::new(&acceptance, &self.custody, &self.platform),
            capacity: CapacityUseCases::new(
                &reads,
                Arc::new(SystemResolver),
                Arc::clone(&self.blueprints),
            ),
            software: SoftwareUseCases::new(&acceptance, &self.read_model, &self.platform),
            list_variables: ListVariables {
                reads: Arc::clone(&reads),
                changes: self.team_ports().changes,
            },
            logs: LogUseCases::new(reads),
            syncs: SyncUseCases::new(&acceptance, self.sync),
            jobs: JobUseCases::new(&acceptance, &self.custody, &self.event_bus),
            provision_environment: ProvisionEnvironment {
                acceptance,
                platform: Arc::clone(&self.platform),
                blueprints: Arc::clone(&self.blueprints),
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
            event_bus: Arc::clone(&self.event_bus),
            ids: ids(),
            clock: clock(),
        }
    }

    fn live_reads(&self) -> Arc<LiveReads> {
        Arc::new(LiveReads::new(
            Arc::clone(&self.platform),
            Arc::clone(&self.read_model),
            Arc::clone(&self.clock),
            ReadBudget {
                per_minute: self.rate_quotas.platform_reads,
                limiter: Arc::clone(&self.rate_limiter),
                observer: Arc::clone(&self.observer),
            },
        ))
    }

    fn authenticate(&self) -> Authenticate {
        Authenticate {
            read_model: Arc::clone(&self.read_model),
            unit_of_work: Arc::clone(&self.unit_of_work),
            token_hasher: Arc::clone(&self.token_hasher),
            ids: Arc::clone(&self.ids),
            clock: Arc::clone(&self.clock),
            policy: AccessPolicy::of_requests(self.account_policy.session_idle),
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
            token_hasher: Arc::clone(&self.token_hasher),
            custody: self.custody.clone(),
            mailer: Arc::clone(&self.mailer),
            sign_in: Arc::clone(&self.sign_in),
            second_factor_for_owners: self.account_policy.second_factor_for_owners,
            platforms: Arc::clone(&self.platforms),
        }
    }

    fn accounts(&self) -> Accounts {
        Accounts {
            unit_of_work: Arc::clone(&self.unit_of_work),
            token_hasher: Arc::clone(&self.token_hasher),
            password_hasher: Arc::<PasswordThreads>::clone(&self.passwords),
            one_time_passwords: Arc::new(Authenticator),
            custody: self.custody.clone(),
            mailer: Arc::clone(&self.mailer),
            ids: Arc::clone(&self.ids),
            clock: Arc::clone(&self.clock),
        }
    }

    /// How the API answers and how it is served; both share the token that ends it. Mutations run on
    /// the tracker that the stop of the process waits for.
    pub(super) fn api_options(
        &self,
        configuration: &Configuration,
        shutdown: &CancellationToken,
        tasks: &TaskTracker,
    ) -> (ApiSettings, ServeOptions) {
        let http = &configuration.http;
        let settings = ApiSettings {
            readiness_checks: self.readiness_checks.clone(),
            request_timeout: http.request_timeout,
            allowed_origins: Arc::clone(&http.allowed_origins),
            is_encrypted: http.is_behind_proxy || http.tls.is_some(),
            ..ApiSettings::new(
                Arc::clone(&self.token_hasher),
                Arc::clone(&self.read_model),
                RateLimits {
                    quotas: self.rate_quotas,
                    limiter: Arc::clone(&self.rate_limiter),
                },
                shutdown.clone(),
                tasks.clone(),
            )
        };
        let options = ServeOptions {
            header_timeout: http.header_timeout,
            first_request_timeout: http.header_timeout,
            max_connections: http.max_connections,
            trusted_proxies: Arc::clone(&http.trusted_proxies),
            drain_timeout: configuration.worker.drain_timeout,
            ..ServeOptions::new(shutdown.clone())
        };
        (settings, options)
    }
}
