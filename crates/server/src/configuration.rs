//! Every setting: where it comes from, what it must be, what holds without it.
//!
//! A setting comes from the file, or from the environment, which wins. Anything unknown or wrong
//! stops the start with one line that names the key. This is the only module that reads the
//! environment.

mod accounts;
mod blueprints;
pub mod keys;
mod mail;
mod network;
mod platforms;
mod reading;
mod sources;
mod tables;
#[cfg(test)]
mod tests;
mod traces;

use api::RateQuotas;
use application::blueprint::Blueprint;
use application::workflows::{SyncSettings, WorkflowSettings};
use domain::SecretText;
use domain::job::JobPool;
use domain::ports::{BacklogLimits, JobRooms};
use http::HeaderValue;
use ipnet::IpNet;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use telemetry::logs::LogFormat;
use telemetry::traces::TraceOptions;
use virtuozzo_adapter::PlatformConfiguration;

pub use accounts::AccountSettings;
pub use mail::{MailSettings, MailWay};
pub use sources::{Environment, Sources};

/// A setting that is unknown or wrong; one line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigurationError(pub String);

/// Where the data is.
#[derive(Clone)]
pub enum DatabaseTarget {
    /// One SQLite file in the data directory.
    Embedded,
    /// A PostgreSQL server; the URL may hold a password.
    Postgres {
        /// `postgres://…`.
        url: SecretText,
        /// Most connections.
        pool_size: usize,
    },
}

/// The API's listener.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// Where to listen; port 0 picks a free one.
    pub listen: SocketAddr,
    /// The certificate that is shown; the API speaks no TLS itself when absent.
    pub tls: Option<TlsFiles>,
    /// The origins whose pages may read answers.
    pub allowed_origins: Arc<[HeaderValue]>,
    /// Whether a proxy in front speaks TLS; only then, or by TLS of our own, a non-loopback address is allowed.
    pub is_behind_proxy: bool,
    /// Who is believed about whose request it passes on.
    pub trusted_proxies: Arc<[IpNet]>,
    /// Most open connections.
    pub max_connections: usize,
    /// How long the head of a request may take.
    pub header_timeout: Duration,
    /// How long a request may take, waiting and streams apart.
    pub request_timeout: Duration,
}

impl HttpSettings {
    /// What addresses of ours begin with.
    pub fn scheme(&self) -> &'static str {
        if self.tls.is_some() { "https" } else { "http" }
    }
}

/// Where the certificate and its key are.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// The chain, in PEM form.
    pub certificate: PathBuf,
    /// The private key, in PEM form.
    pub key: PathBuf,
}

/// The worker.
#[derive(Debug, Clone, Copy)]
pub struct WorkerPoolSettings {
    /// Jobs at once.
    pub concurrency: u32,
    /// Most of them of the background.
    pub background: u32,
    /// How long running steps may take at shutdown.
    pub drain_timeout: Duration,
}

/// What is logged.
#[derive(Debug, Clone)]
pub struct LogSettings {
    /// How; by default people's form on a terminal and JSON elsewhere.
    pub format: Option<LogFormat>,
    /// Which levels.
    pub filter: String,
}

/// All settings, checked.
#[derive(Clone)]
pub struct Configuration {
    /// Where everything of this installation lies.
    pub data_dir: PathBuf,
    /// The key ring.
    pub key_ring: PathBuf,
    /// The database.
    pub database: DatabaseTarget,
    /// Redis, for more than one process.
    pub redis_url: Option<SecretText>,
    /// The API.
    pub http: HttpSettings,
    /// How many requests may be made.
    pub rate_quotas: RateQuotas,
    /// The metrics listener; off when absent.
    pub metrics_listen: Option<SocketAddr>,
    /// The log.
    pub log: LogSettings,
    /// Where spans go; `None` when nobody follows them.
    pub traces: Option<TraceOptions>,
    /// The worker.
    pub worker: WorkerPoolSettings,
    /// How patient jobs are.
    pub jobs: WorkflowSettings,
    /// How many jobs may be unfinished.
    pub backlog: BacklogLimits,
    /// How many jobs may run at once, in all processes.
    pub rooms: JobRooms,
    /// How long finished jobs are kept.
    pub jobs_kept: Duration,
    /// How long events of teams are kept.
    pub events_kept: Duration,
    /// Whether webhooks may lead to addresses inside the house.
    pub webhooks_allow_private: bool,
    /// Accounts of people.
    pub accounts: AccountSettings,
    /// Mails to them.
    pub mail: MailSettings,
    /// The platforms.
    pub platforms: Vec<PlatformConfiguration>,
    /// What can be built.
    pub blueprints: Vec<Blueprint>,
    /// Deprecated names that were used, to be said in the log.
    pub deprecations: Vec<String>,
}

impl Configuration {
    /// What accounts call the platforms.
    pub fn platform_names(&self) -> Arc<[domain::names::PlatformName]> {
        self.platforms.iter().map(|it| it.name.clone()).collect()
    }

    /// Reads and checks everything. The first wrong setting is the error.
    pub fn read(sources: &Sources) -> Result<Self, ConfigurationError> {
        let settings = reading::Settings::gather(sources)?;
        let data_dir = PathBuf::from(settings.text(&keys::DATA_DIR));
        let key_ring = match settings.optional_text(&keys::KEY_RING) {
            Some(path) => PathBuf::from(path),
            None => data_dir.join("keys.json"),
        };
        let http = HttpSettings {
            listen: settings.parse(&keys::HTTP_LISTEN)?,
            tls: network::read_tls(&settings)?,
            allowed_origins: network::read_allowed_origins(&settings)?,
            is_behind_proxy: settings.parse(&keys::HTTP_BEHIND_PROXY)?,
            trusted_proxies: network::read_trusted_proxies(&settings)?,
            max_connections: settings.parse(&keys::HTTP_MAX_CONNECTIONS)?,
            header_timeout: settings.duration(&keys::HTTP_HEADER_TIMEOUT)?,
            request_timeout: settings.duration(&keys::HTTP_REQUEST_TIMEOUT)?,
        };
        network::check_binding(&http)?;
        let accounts = accounts::read(&settings, &http)?;
        let mail = mail::read(&settings, &data_dir)?;
        let mut deprecations = Vec::new();
        let platforms = platforms::read(&settings, &mut deprecations)?;
        Ok(Self {
            data_dir,
            key_ring,
            database: read_database(&settings)?,
            redis_url: read_redis_url(&settings)?,
            http,
            rate_quotas: RateQuotas {
                address: settings.parse(&keys::LIMITS_ADDRESS)?,
                credential: settings.parse(&keys::LIMITS_CREDENTIAL)?,
                team: settings.parse(&keys::LIMITS_TEAM)?,
                jobs: settings.parse(&keys::LIMITS_JOBS)?,
                platform_reads: settings.parse(&keys::LIMITS_PLATFORM_READS)?,
            },
            metrics_listen: read_metrics_listen(&settings)?,
            log: read_log(&settings)?,
            traces: traces::read(&settings)?,
            worker: read_worker(&settings)?,
            jobs: WorkflowSettings {
                poll_interval: settings.duration(&keys::JOBS_POLL_INTERVAL)?,
                absence_window: settings.duration(&keys::JOBS_ABSENCE_WINDOW)?,
                absence_misses: settings.parse(&keys::JOBS_ABSENCE_MISSES)?,
                answer_within_short: settings.duration(&keys::JOBS_ANSWER_WITHIN_SHORT)?,
                answer_within_long: settings.duration(&keys::JOBS_ANSWER_WITHIN_LONG)?,
                patience: settings.duration(&keys::JOBS_PATIENCE)?,
                reauthentication_poll: settings.duration(&keys::JOBS_REAUTHENTICATION_POLL)?,
                sync: SyncSettings {
                    interval: settings.duration_or_off(&keys::SYNC_INTERVAL)?,
                    stale_after: settings.duration(&keys::SYNC_STALE_AFTER)?,
                    confirmed_after: settings.duration(&keys::SYNC_CONFIRMED_AFTER)?,
                    at_a_time: settings.parse::<NonZeroU32>(&keys::SYNC_AT_A_TIME)?.get(),
                },
            },
            jobs_kept: read_kept(&settings, &keys::RETENTION_JOBS)?,
            events_kept: read_kept(&settings, &keys::RETENTION_EVENTS)?,
            webhooks_allow_private: settings.parse(&keys::WEBHOOKS_ALLOW_PRIVATE)?,
            rooms: JobRooms {
                per_platform: settings.parse(&keys::JOBS_AT_ONCE_PER_PLATFORM)?,
                per_team: settings.parse(&keys::JOBS_AT_ONCE_PER_TEAM)?,
            },
            backlog: BacklogLimits {
                per_team: settings.parse(&keys::JOBS_BACKLOG_PER_TEAM)?,
                in_all: settings.parse(&keys::JOBS_BACKLOG_IN_ALL)?,
            },
            accounts,
            mail,
            platforms,
            blueprints: blueprints::read(&settings)?,
            deprecations,
        })
    }

    /// Whether this process is the only one by construction.
    pub fn is_embedded(&self) -> bool {
        matches!(self.database, DatabaseTarget::Embedded)
    }
}

fn read_database(settings: &reading::Settings) -> Result<DatabaseTarget, ConfigurationError> {
    let Some(url) = settings.secret(&keys::DATABASE_URL)? else {
        return Ok(DatabaseTarget::Embedded);
    };
    let is_postgres = ["postgres://", "postgresql://"]
        .iter()
        .any(|scheme| url.expose().starts_with(scheme));
    if !is_postgres {
        return Err(settings.wrong(
            &keys::DATABASE_URL,
            "must start with postgres://; leave it out for the embedded database",
        ));
    }
    Ok(DatabaseTarget::Postgres {
        url,
        pool_size: settings.parse(&keys::DATABASE_POOL_SIZE)?,
    })
}

fn read_redis_url(settings: &reading::Settings) -> Result<Option<SecretText>, ConfigurationError> {
    let Some(url) = settings.secret(&keys::REDIS_URL)? else {
        return Ok(None);
    };
    let is_redis = ["redis://", "rediss://", "unix://"]
        .iter()
        .any(|scheme| url.expose().starts_with(scheme));
    if is_redis {
        Ok(Some(url))
    } else {
        Err(settings.wrong(&keys::REDIS_URL, "must start with redis://"))
    }
}

fn read_metrics_listen(
    settings: &reading::Settings,
) -> Result<Option<SocketAddr>, ConfigurationError> {
    if settings.text(&keys::METRICS_LISTEN) == "off" {
        return Ok(None);
    }
    settings.parse(&keys::METRICS_LISTEN).map(Some)
}

fn read_log(settings: &reading::Settings) -> Result<LogSettings, ConfigurationError> {
    let format = match settings.text(&keys::LOG_FORMAT).as_str() {
        "auto" => None,
        "json" => Some(LogFormat::Json),
        "human" => Some(LogFormat::Human),
        _ => return Err(settings.wrong(&keys::LOG_FORMAT, "must be auto, json or human")),
    };
    Ok(LogSettings {
        format,
        filter: settings.text(&keys::LOG_FILTER),
    })
}

fn read_worker(settings: &reading::Settings) -> Result<WorkerPoolSettings, ConfigurationError> {
    let concurrency: NonZeroU32 = settings.parse(&keys::WORKER_CONCURRENCY)?;
    let concurrency = concurrency.get();
    let background = if settings.is_default(&keys::WORKER_BACKGROUND) {
        JobPool::Background.share_of(concurrency)
    } else {
        settings
            .parse::<NonZeroU32>(&keys::WORKER_BACKGROUND)?
            .get()
    };
    if background > concurrency {
        let rule = "must not be more than `worker.concurrency`";
        return Err(settings.wrong(&keys::WORKER_BACKGROUND, rule));
    }
    Ok(WorkerPoolSettings {
        concurrency,
        background,
        drain_timeout: settings.duration(&keys::WORKER_DRAIN_TIMEOUT)?,
    })
}

/// A request can be repeated for a day after the end of its job, and an event is sent again for a day: so long both
/// have to be there.
fn read_kept(
    settings: &reading::Settings,
    key: &keys::Key,
) -> Result<Duration, ConfigurationError> {
    let kept = settings.duration(key)?;
    if kept < Duration::from_hours(24) {
        let rule =
            "must be at least 24h: so long a request can be repeated and an event sent again";
        return Err(settings.wrong(key, rule));
    }
    Ok(kept)
}
