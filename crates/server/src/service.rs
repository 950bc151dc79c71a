//! One running Windlass: adapters, use cases, API and worker, put together from a configuration.

mod administration;
mod audit_checkpoint;
mod composition;
mod coordination;
mod data_folder;
mod encryption;
mod error;
mod key_rotation;
mod mail;
mod membership;
mod metrics_observer;
mod retention;
mod sampling;
mod store;

use crate::configuration::Configuration;
use crate::system::{SystemClock, SystemIds};
use application::retention::PurgeOldData;
use composition::{Foundation, Parts};
use coordination::Coordination;
use custody_adapter::{AuditChain, LiveKeyRing};
use domain::ids::ProcessId;
use domain::ports::new_id;
use key_rotation::KeyRotation;
use membership::Membership;
use persistence_adapter::Database;
use sampling::Sampling;
use std::net::SocketAddr;
use std::sync::Arc;
use telemetry::metrics_exporter::MetricsHandle;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use administration::{AdministrationStore, open_to_administer, open_to_verify};
pub use error::StartError;
pub use store::{ReadableStore, migrate, open_database, open_to_read};

/// Which parts a process runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Role {
    /// API and worker.
    All,
    /// The API only.
    Api,
    /// The worker only.
    Worker,
}

impl Role {
    fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Api => "api",
            Self::Worker => "worker",
        }
    }
}

/// A running service.
pub struct RunningService {
    /// Where the API listens; absent for a worker.
    pub api_address: Option<SocketAddr>,
    /// Where the metrics are; absent when they are off.
    pub metrics_address: Option<SocketAddr>,
    shutdown: CancellationToken,
    tasks: TaskTracker,
    membership: Membership,
    coordination: Coordination,
}

impl RunningService {
    /// Stops: the API ends its streams and drains, the worker gives its jobs back.
    pub async fn stop(self) {
        self.shutdown.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        self.membership.leave().await;
        self.coordination.shutdown().await;
    }
}

/// Starts everything the role asks for. When it returns, requests are answered.
pub async fn start(
    configuration: &Configuration,
    role: Role,
    metrics: Option<MetricsHandle>,
) -> Result<RunningService, StartError> {
    for deprecation in &configuration.deprecations {
        tracing::warn!("{deprecation}");
    }
    if configuration.is_embedded() && role != Role::All {
        return Err(StartError::SplitEmbedded);
    }
    data_folder::prepare(&configuration.data_dir)?;
    let key_ring = Arc::new(LiveKeyRing::open_or_create(&configuration.key_ring)?);
    let audit_sealer = Arc::new(AuditChain::new(Arc::clone(&key_ring)));
    let database = store::open_checked(configuration, audit_sealer.clone()).await?;
    let process_id: ProcessId = new_id(&SystemIds);
    let shutdown = CancellationToken::new();
    let tasks = TaskTracker::new();
    let membership = Membership::join(
        database.clone(),
        process_id,
        role,
        configuration,
        &key_ring,
        &shutdown,
        &tasks,
    )
    .await?;
    let coordination = Coordination::start(configuration, Arc::new(SystemClock))?;
    let (mailer, sender) = mail::mail(configuration, Arc::new(SystemClock), Arc::new(SystemIds))?;
    tasks.spawn(sender.run(shutdown.clone()));
    let foundation = Foundation {
        process_id,
        database: &database,
        coordination: &coordination,
        key_ring: &key_ring,
        audit_sealer,
        mailer: Arc::new(mailer),
    };
    let parts = Parts::assemble(configuration, foundation, Arc::new(SystemClock))?;
    let sampling = parts.sampling(&database, &coordination);
    let metrics_address =
        serve_metrics(configuration, metrics, sampling, &shutdown, &tasks).await?;
    let checkpointing = audit_checkpoint::write_checkpoints(parts.checkpoints(), shutdown.clone());
    tasks.spawn(checkpointing);
    let api_address = if role == Role::Worker {
        None
    } else {
        if let Coordination::Redis(_, limiter) = &coordination {
            let (limiter, database) = (Arc::clone(limiter), database.clone());
            let sharing = Coordination::share_quotas(limiter, database, shutdown.clone());
            tasks.spawn(sharing);
        }
        Some(serve_api(configuration, &parts, &shutdown, &tasks).await?)
    };
    let rotation = KeyRotation {
        rewrap: composition::rewrap_keys(&database, &key_ring),
        ring: key_ring,
    };
    tasks.spawn(rotation.run(shutdown.clone()));
    if role != Role::Api {
        start_work(configuration, &parts, &database, &shutdown, &tasks).await?;
    }
    Ok(RunningService {
        api_address,
        metrics_address,
        shutdown,
        tasks,
        membership,
        coordination,
    })
}

/// Starts what claims jobs, and what removes old ones.
async fn start_work(
    configuration: &Configuration,
    parts: &Parts,
    database: &Database,
    shutdown: &CancellationToken,
    tasks: &TaskTracker,
) -> Result<(), StartError> {
    if configuration.is_embedded() {
        parts.forget_dead_owners().await?;
    }
    let purge = PurgeOldData {
        store: Arc::new(database.clone()),
        jobs_kept: configuration.jobs_kept,
        events_kept: configuration.events_kept,
    };
    tasks.spawn(retention::purge_old_data(purge, shutdown.clone()));
    let worker = parts.worker(configuration);
    tasks.spawn(worker.run(shutdown.clone()));
    tasks.spawn(parts.webhook_dispatch().run(shutdown.clone()));
    Ok(())
}

async fn bind(what: &'static str, address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| StartError::Bind {
            what,
            address,
            source,
        })
}

async fn serve_api(
    configuration: &Configuration,
    parts: &Parts,
    shutdown: &CancellationToken,
    tasks: &TaskTracker,
) -> Result<SocketAddr, StartError> {
    let what = "http.listen";
    let http = &configuration.http;
    if http.is_behind_proxy && http.trusted_proxies.is_empty() {
        tracing::warn!(
            "`http.trusted_proxies` is empty: all clients of the proxy count as one address"
        );
    }
    let listener = bind(what, configuration.http.listen).await?;
    let address = listener.local_addr().map_err(|source| StartError::Bind {
        what,
        address: configuration.http.listen,
        source,
    })?;
    let (settings, mut options) = parts.api_options(configuration, shutdown, tasks);
    if let Some(files) = &http.tls {
        let identity = encryption::read(files)?;
        options.identity = Some(identity.clone());
        let keeping = encryption::keep_current(identity, files.clone(), shutdown.clone());
        tasks.spawn(keeping);
    }
    let use_cases = parts.use_cases();
    let refusals = Arc::clone(&use_cases.governance.refusals);
    let router = api::router(use_cases, settings);
    let last_answer = CancellationToken::new();
    tasks.spawn(api::write_refusals(refusals, last_answer.clone()));
    tasks.spawn(async move {
        // However the API ends, what it refused is written.
        let _last_answer = last_answer.drop_guard();
        if let Err(error) = api::serve(listener, router, options).await {
            tracing::error!(error = %error, "the API stopped");
        }
    });
    Ok(address)
}

async fn serve_metrics(
    configuration: &Configuration,
    metrics: Option<MetricsHandle>,
    sampling: Sampling,
    shutdown: &CancellationToken,
    tasks: &TaskTracker,
) -> Result<Option<SocketAddr>, StartError> {
    let (Some(address), Some(handle)) = (configuration.metrics_listen, metrics) else {
        return Ok(None);
    };
    let what = "metrics.listen";
    let listener = bind(what, address).await?;
    let bound = listener.local_addr().map_err(|source| StartError::Bind {
        what,
        address,
        source,
    })?;
    tasks.spawn(sampling.run(shutdown.clone()));
    tasks.spawn(telemetry::metrics_exporter::serve(
        handle,
        listener,
        shutdown.clone(),
    ));
    Ok(Some(bound))
}
