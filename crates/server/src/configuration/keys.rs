//! The table of settings: it is read from here, checked from here and documented from here.

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Its path in the file, such as `http.listen`.
    pub path: &'static str,
    /// Its name in the environment.
    pub variable: &'static str,
    /// What holds without it; `None` when nothing does.
    pub default: Option<&'static str>,
    /// What a value looks like, for errors.
    pub form: &'static str,
    /// Whether it is a secret: never printed, and also read from `<variable>_FILE`.
    pub is_secret: bool,
    /// What it does.
    pub doc: &'static str,
}

macro_rules! keys {
    ($($name:ident = $path:literal, $variable:literal, $default:expr, $form:literal, $secret:literal, $doc:literal;)*) => {
        $(
            #[doc = $doc]
            pub const $name: Key = Key {
                path: $path,
                variable: $variable,
                default: $default,
                form: $form,
                is_secret: $secret,
                doc: $doc,
            };
        )*

        /// Every setting, in the order of the documentation.
        pub const ALL: &[Key] = &[$($name,)*];
    };
}

keys! {
    DATA_DIR = "data_dir", "WINDLASS_DATA_DIR", Some("windlass-data"), "a folder", false,
        "Where everything of this installation lies: the embedded database and, unless set apart, the key ring. Created with mode 0700.";
    KEY_RING = "key_ring", "WINDLASS_KEY_RING", None, "a file", false,
        "The key ring; `keys.json` in the data directory when absent. Created with mode 0600. Whoever loses it loses all stored secrets.";
    DATABASE_URL = "database.url", "WINDLASS_DATABASE_URL", None, "a URL such as postgres://user:password@localhost/windlass", true,
        "PostgreSQL; the embedded database when absent.";
    DATABASE_POOL_SIZE = "database.pool_size", "WINDLASS_DATABASE_POOL_SIZE", Some("16"), "a number of connections", false,
        "Most connections to PostgreSQL.";
    REDIS_URL = "redis.url", "WINDLASS_REDIS_URL", None, "a URL such as redis://localhost", true,
        "Redis; needed as soon as more than one process shares a PostgreSQL database.";
    HTTP_LISTEN = "http.listen", "WINDLASS_HTTP_LISTEN", Some("127.0.0.1:7780"), "an address such as 127.0.0.1:7780", false,
        "Where the API listens. Port 0 picks a free one.";
    HTTP_TLS_CERTIFICATE = "http.tls_certificate", "WINDLASS_HTTP_TLS_CERTIFICATE", None, "a file", false,
        "The certificate that the API shows, in PEM form with those that vouch for it behind it; read anew when the file changes. The API speaks TLS and nothing else then. Needs `http.tls_key`.";
    HTTP_TLS_KEY = "http.tls_key", "WINDLASS_HTTP_TLS_KEY", None, "a file", false,
        "The private key of `http.tls_certificate`, in PEM form.";
    HTTP_BEHIND_PROXY = "http.behind_proxy", "WINDLASS_HTTP_BEHIND_PROXY", Some("false"), "true or false", false,
        "Whether a proxy in front speaks TLS. Without that and without a certificate only loopback addresses are allowed.";
    HTTP_TRUSTED_PROXIES = "http.trusted_proxies", "WINDLASS_HTTP_TRUSTED_PROXIES", None, "addresses and networks such as 192.0.2.1, 10.0.0.0/8", false,
        "Proxies that are believed about whose request they pass on (`X-Forwarded-For`), separated by commas. Without them all requests through a proxy count as coming from one address.";
    HTTP_ALLOWED_ORIGINS = "http.allowed_origins", "WINDLASS_HTTP_ALLOWED_ORIGINS", None, "origins such as https://panel.example.com, separated by commas", false,
        "Web pages of these origins may call the API with tokens (CORS). None when absent.";
    HTTP_PUBLIC_URL = "http.public_url", "WINDLASS_HTTP_PUBLIC_URL", None, "a URL such as https://windlass.example.com", false,
        "Where people reach this service from outside: links in mails begin with it. `http://` and `http.listen` when absent; needed when that is no loopback address.";
    HTTP_MAX_CONNECTIONS = "http.max_connections", "WINDLASS_HTTP_MAX_CONNECTIONS", Some("4096"), "a number of connections", false,
        "Most open connections; more wait to be accepted.";
    HTTP_HEADER_TIMEOUT = "http.header_timeout", "WINDLASS_HTTP_HEADER_TIMEOUT", Some("10s"), "a duration such as 10s", false,
        "How long the head of a request, and the first request of a connection, may take.";
    HTTP_REQUEST_TIMEOUT = "http.request_timeout", "WINDLASS_HTTP_REQUEST_TIMEOUT", Some("30s"), "a duration such as 30s", false,
        "How long a request may take, apart from the time a client asked to wait and from streams.";
    LIMITS_ADDRESS = "limits.address", "WINDLASS_LIMITS_ADDRESS", Some("3000"), "a number of requests, at least 1", false,
        "Most requests a minute from one address (of IPv6: from one /64). This and the other limits are counted in all processes together when there is Redis, and each may be used up at once.";
    LIMITS_CREDENTIAL = "limits.credential", "WINDLASS_LIMITS_CREDENTIAL", Some("600"), "a number of requests, at least 1", false,
        "Most requests a minute with one API token, or by one person with a browser.";
    LIMITS_TEAM = "limits.team", "WINDLASS_LIMITS_TEAM", Some("1200"), "a number of requests, at least 1", false,
        "Most requests a minute about one team.";
    LIMITS_JOBS = "limits.jobs", "WINDLASS_LIMITS_JOBS", Some("120"), "a number of requests, at least 1", false,
        "Most requests a minute of one team that become jobs.";
    LIMITS_PLATFORM_READS = "limits.platform_reads", "WINDLASS_LIMITS_PLATFORM_READS", Some("240"), "a number of questions, at least 1", false,
        "Questions to the platform of one team in a minute that somebody waits for, such as a log file or regions; what jobs ask is not counted.";
    METRICS_LISTEN = "metrics.listen", "WINDLASS_METRICS_LISTEN", Some("127.0.0.1:7781"), "an address such as 127.0.0.1:7781, or off", false,
        "Where the metrics are served, apart from the API. Port 0 picks a free one.";
    LOG_FORMAT = "log.format", "WINDLASS_LOG_FORMAT", Some("auto"), "auto, json or human", false,
        "How log lines look. `auto` is `human` on a terminal and `json` elsewhere.";
    LOG_FILTER = "log.filter", "WINDLASS_LOG_FILTER", Some("info"), "levels by target such as info,worker=debug", false,
        "Which log lines are written.";
    TRACES_ENDPOINT = "traces.endpoint", "WINDLASS_TRACES_ENDPOINT", Some("off"), "the address of a collector such as http://127.0.0.1:4318/v1/traces, or off", false,
        "Where spans are sent (OTLP, protobuf over HTTP). A collector that does not answer slows nobody: what it does not take is dropped and counted.";
    TRACES_AUTHORIZATION = "traces.authorization", "WINDLASS_TRACES_AUTHORIZATION", None, "a value of the header Authorization", true,
        "What the collector is shown, when it wants to see something.";
    TRACES_SAMPLE_RATIO = "traces.sample_ratio", "WINDLASS_TRACES_SAMPLE_RATIO", Some("1"), "a number from 0 to 1", false,
        "The part of all traces that is followed.";
    WORKER_CONCURRENCY = "worker.concurrency", "WINDLASS_WORKER_CONCURRENCY", Some("32"), "a number of jobs, at least 1", false,
        "Jobs that run at once in this process. Jobs that wait for the platform take no place.";
    WORKER_BACKGROUND = "worker.background", "WINDLASS_WORKER_BACKGROUND", None, "a number of jobs, at least 1", false,
        "Most of these places that jobs of the background take, such as building environments and syncs; what is left is for jobs that somebody waits for. Three quarters of `worker.concurrency` when absent.";
    WORKER_DRAIN_TIMEOUT = "worker.drain_timeout", "WINDLASS_WORKER_DRAIN_TIMEOUT", Some("10s"), "a duration such as 10s", false,
        "How long running steps may take to come to an end at shutdown; what takes longer is taken over by the next process.";
    JOBS_POLL_INTERVAL = "jobs.poll_interval", "WINDLASS_JOBS_POLL_INTERVAL", Some("2s"), "a duration such as 2s", false,
        "How often the platform is asked while a job waits for it.";
    JOBS_ABSENCE_WINDOW = "jobs.absence_window", "WINDLASS_JOBS_ABSENCE_WINDOW", Some("120s"), "a duration such as 120s", false,
        "For how long an environment must have been missing before a lost creation counts as not having happened.";
    JOBS_ABSENCE_MISSES = "jobs.absence_misses", "WINDLASS_JOBS_ABSENCE_MISSES", Some("3"), "a number of looks", false,
        "How often it must have been missing within that time.";
    JOBS_ANSWER_WITHIN_SHORT = "jobs.answer_within_short", "WINDLASS_JOBS_ANSWER_WITHIN_SHORT", Some("60s"), "a duration such as 60s", false,
        "How long calls of seconds may take to answer.";
    JOBS_ANSWER_WITHIN_LONG = "jobs.answer_within_long", "WINDLASS_JOBS_ANSWER_WITHIN_LONG", Some("15m"), "a duration such as 15m", false,
        "How long calls of minutes (create, install, delete) may take to answer.";
    JOBS_PATIENCE = "jobs.patience", "WINDLASS_JOBS_PATIENCE", Some("30m"), "a duration such as 30m", false,
        "How long one step may wait for the platform before the job fails and is taken back.";
    JOBS_REAUTHENTICATION_POLL = "jobs.reauthentication_poll", "WINDLASS_JOBS_REAUTHENTICATION_POLL", Some("30s"), "a duration such as 30s", false,
        "How often a waiting job looks whether its owner has connected the platform account again.";
    JOBS_BACKLOG_PER_TEAM = "jobs.backlog_per_team", "WINDLASS_JOBS_BACKLOG_PER_TEAM", Some("200"), "a number of jobs, at least 1", false,
        "How many unfinished jobs a team may have; more are refused with `team-backlog-full`.";
    JOBS_BACKLOG_IN_ALL = "jobs.backlog_in_all", "WINDLASS_JOBS_BACKLOG_IN_ALL", Some("10000"), "a number of jobs, at least 1", false,
        "How many unfinished jobs there may be of all teams; more are refused with `backlog-full`.";
    JOBS_AT_ONCE_PER_PLATFORM = "jobs.at_once_per_platform", "WINDLASS_JOBS_AT_ONCE_PER_PLATFORM", Some("64"), "a number of jobs, at least 1", false,
        "Most jobs that run at once for teams of one platform, in all processes together. Has to be the same in each.";
    JOBS_AT_ONCE_PER_TEAM = "jobs.at_once_per_team", "WINDLASS_JOBS_AT_ONCE_PER_TEAM", Some("8"), "a number of jobs, at least 1", false,
        "Most jobs of one team that run at once, in all processes together. Has to be the same in each.";
    SYNC_INTERVAL = "sync.interval", "WINDLASS_SYNC_INTERVAL", Some("15m"), "a duration such as 15m, or off", false,
        "How long after a sync of a team's environments with the platform the next one comes by itself; `off`: never, only when somebody asks.";
    SYNC_STALE_AFTER = "sync.stale_after", "WINDLASS_SYNC_STALE_AFTER", Some("5m"), "a duration such as 5m", false,
        "After how long records of an environment are called stale; reading them then brings the next sync forward.";
    SYNC_CONFIRMED_AFTER = "sync.confirmed_after", "WINDLASS_SYNC_CONFIRMED_AFTER", Some("1m"), "a duration such as 1m", false,
        "How far apart two syncs must be that see the same misfit, such as a missing environment, before it is told.";
    SYNC_AT_A_TIME = "sync.at_a_time", "WINDLASS_SYNC_AT_A_TIME", Some("4"), "a number of syncs, at least 1", false,
        "Most syncs that are on their way for one platform at a time, of those that come by themselves.";
    RETENTION_JOBS = "retention.jobs", "WINDLASS_RETENTION_JOBS", Some("2160h"), "a duration such as 2160h, at least 24h", false,
        "How long jobs that have ended are kept, with journal and log; 2160h are 90 days. One that waits for a person is kept until somebody has decided.";
    RETENTION_EVENTS = "retention.events", "WINDLASS_RETENTION_EVENTS", Some("720h"), "a duration such as 720h, at least 24h", false,
        "How long the events of teams are kept, and what was sent to webhooks; 720h are 30 days.";
    WEBHOOKS_ALLOW_PRIVATE = "webhooks.allow_private", "WINDLASS_WEBHOOKS_ALLOW_PRIVATE", Some("false"), "true or false", false,
        "Whether webhooks may lead to addresses that are not on the public internet, and without encryption. Whoever may make webhooks could then reach what this machine reaches.";
    ACCOUNTS_REGISTRATION = "accounts.registration", "WINDLASS_ACCOUNTS_REGISTRATION", Some("open"), "open or invited", false,
        "Who may make an account: everybody, or only whoever was invited into a team.";
    ACCOUNTS_SECOND_FACTOR_FOR_OWNERS = "accounts.second_factor_for_owners", "WINDLASS_ACCOUNTS_SECOND_FACTOR_FOR_OWNERS", Some("true"), "true or false", false,
        "Whether the owner of a team needs a second factor before they connect a platform account.";
    ACCOUNTS_SESSION_IDLE = "accounts.session_idle", "WINDLASS_ACCOUNTS_SESSION_IDLE", Some("1h"), "a duration such as 1h", false,
        "After how long an unused browser session ends; between 2m and 12h, which is how long a session lives at most.";
    MAIL_SMTP_URL = "mail.smtp_url", "WINDLASS_MAIL_SMTP_URL", None, "a URL such as smtp://user:password@mail.example.com:587", true,
        "The mail server; without one mails go into a folder. `smtp://` is encrypted by STARTTLS (not at all to a loopback address), `smtps://` from the start. User and password are percent-encoded.";
    MAIL_FROM = "mail.from", "WINDLASS_MAIL_FROM", Some("Windlass <windlass@localhost>"), "an address such as Windlass <windlass@example.com>", false,
        "Who sends the mails. Needed with `mail.smtp_url`.";
    MAIL_OUTBOX = "mail.outbox", "WINDLASS_MAIL_OUTBOX", None, "a folder", false,
        "The folder that mails are put into when there is no mail server; `outbox` in the data directory when absent. They hold links that let whoever opens them sign in: created with mode 0700.";
}

/// The name in the environment of the file with the settings.
pub const FILE_VARIABLE: &str = "WINDLASS_CONFIG";

/// The documentation page of all settings.
pub fn documentation() -> String {
    let mut page = String::from(
        "# Configuration\n\n\
         Generated from the table in `crates/server/src/configuration/keys.rs`; \
         `cargo xtask openapi` writes it anew.\n\n\
         Settings come from a TOML file (`--config FILE` or `WINDLASS_CONFIG`) and from the \
         environment, which wins. Secrets are also read from the file that `<variable>_FILE` names. \
         An unknown key, an unknown `WINDLASS_…` variable and a wrong value stop the start with one \
         line. Without any setting Windlass runs embedded, with everything in one folder.\n\n\
         | key | variable | default | what it does |\n|---|---|---|---|\n",
    );
    page.extend(ALL.iter().map(row));
    page.push_str(PLATFORMS_AND_BLUEPRINTS);
    page
}

fn row(key: &Key) -> String {
    let default = key
        .default
        .map_or_else(|| "–".to_owned(), |value| format!("`{value}`"));
    let secret = if key.is_secret { " Secret." } else { "" };
    format!(
        "| `{}` | `{}` | {default} | {} Form: {}.{secret} |\n",
        key.path, key.variable, key.doc, key.form
    )
}

const PLATFORMS_AND_BLUEPRINTS: &str = r#"
## Platforms

Each `[[platforms]]` names one platform that accounts can be connected to. Clients never give a URL.

| key | default | what it does |
|---|---|---|
| `name` | required | what accounts call it |
| `base_url` | required | root of its API, such as `https://app.example.com` |
| `signin_url`, `environment_url`, `marketplace_url`, `binder_url`, `script_url`, `billing_url` | `base_url` | roots of single services, where they differ |
| `allow_plain_http` | `false` | whether `http` may leave the machine; loopback always may |
| `ca_file` | – | trust anchors besides the machine's, as PEM |
| `connect_timeout` | `3s` | how long a connection may take |
| `timeout` | `15s` | how long a read may take to answer |
| `max_retries` | `2` | how often a read is sent again; a mutation never is |
| `retry_backoff` | `200ms` | the longest first pause before a retry, doubled for each further one |
| `min_answer_rate` | `256` | fewest bytes in a second once an answer has begun, over five seconds; a body that trickles would hold its place among the open calls for up to half an hour; `0` lets it |
| `max_calls`, `max_calls_per_account` | `64`, `8` | open calls at once |
| `addons.<name>` | – | what an add-on (`root_access`, `sftp`, `lets_encrypt`, `backup`) is there: `app_id`, `node_group`, `settings`; an add-on that is not mapped is refused |
| `addons.backup.actions.create`, `.restore` | – | what the backup add-on's manifest calls making a backup and bringing one back: `action`, and for the latter in `parameters` its name for our `snapshot`; what is not mapped is refused |
| `mbadmin` | – | the mbadmin package there: `source` (a manifest's URL or a marketplace id), `node_group`, `settings` |
| `mbadmin.actions."<feature>.<verb>"` | – | what its manifest calls an action: `action`, and in `parameters` its name for each parameter of ours; features are `redis`, `relay`, `opcache`, verbs `enable`, `disable`, `flush`, `configure`; an action that is not mapped is refused |
| `scripts.<name>` | – | the script stored on the platform that is run by this name; others are refused |
| `wordpress_folder` | `/var/www/webroot/ROOT` | where a node keeps the site that commands work on |

## Blueprints

Each `[[blueprints]]` names one thing that can be built: `name`, `[[blueprints.layers]]` with
`node_group`, `stack`, `version`, `count`, `cloudlets_reserved`, `cloudlets_limit`, `disk_limit_gb`, and
`[blueprints.package]` with `source` (a manifest's URL or a marketplace id), `node_group`, `settings`.

`deploy/windlass.example.toml` shows both. Ids of add-ons, actions and scripts differ from platform to platform:
no default maps any.

## Deprecated names

`EXTERNAL_AUTH_URL` sets `signin_url` of the first platform, with a warning.
"#;
