//! Names of metrics and of their labels, with what each is labelled by. Durations are in seconds.

use ::metrics::Unit;
use std::fmt::Write as _;

/// Whether a metric only rises, moves both ways, or is a distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only rises.
    Counter,
    /// Moves both ways.
    Gauge,
    /// A distribution in buckets.
    Histogram,
}

/// What the exposition says about a metric.
#[derive(Debug, Clone, Copy)]
pub struct Description {
    /// The name.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Its unit.
    pub unit: Unit,
    /// The names of its labels.
    pub labels: &'static [&'static str],
    /// One line for people.
    pub help: &'static str,
}

macro_rules! metrics {
    ($($(#[doc = $doc:literal])+ $constant:ident = $kind:ident $unit:ident $name:literal [$($label:ident),*];)*) => {
        $($(#[doc = $doc])+ pub const $constant: &str = $name;)*

        /// Every metric.
        pub const ALL: &[Description] = &[$(Description {
            name: $name,
            kind: Kind::$kind,
            unit: Unit::$unit,
            labels: &[$($label),*],
            help: concat!($($doc),+),
        },)*];
    };
}

metrics! {
    /// Calls to the platform, by endpoint, method and status.
    PLATFORM_REQUESTS = Counter Count "virtuozzo_requests_total" [LABEL_ENDPOINT, LABEL_METHOD, LABEL_STATUS];
    /// How long calls to the platform took, by endpoint.
    PLATFORM_REQUEST_LATENCY = Histogram Seconds "virtuozzo_request_latency_seconds" [LABEL_ENDPOINT];
    /// Calls to the platform that were sent again, by endpoint.
    PLATFORM_RETRIES = Counter Count "virtuozzo_retries_total" [LABEL_ENDPOINT];
    /// Renewals of platform sessions, by outcome.
    PLATFORM_SESSION_RENEWALS = Counter Count "windlass_platform_session_renewals_total" [LABEL_OUTCOME];
    /// Requests to the API, by route, method and status class.
    HTTP_REQUESTS = Counter Count "windlass_http_requests_total" [LABEL_ROUTE, LABEL_METHOD, LABEL_STATUS];
    /// How long requests to the API took, by route.
    HTTP_REQUEST_DURATION = Histogram Seconds "windlass_http_request_duration_seconds" [LABEL_ROUTE];
    /// Open connections to the API.
    HTTP_CONNECTIONS = Gauge Count "windlass_http_connections" [];
    /// Open event streams to clients.
    SSE_SUBSCRIBERS = Gauge Count "windlass_sse_subscribers" [];
    /// Requests of nobody who is known that were refused, by code.
    ANONYMOUS_REFUSALS = Counter Count "windlass_anonymous_refusals_total" [LABEL_CODE];
    /// Lines about refusals that did not get into the audit trail.
    AUDIT_REFUSALS_DROPPED = Counter Count "windlass_audit_refusals_dropped_total" [];
    /// Jobs that have not ended, by state; one that waits for a person is among them.
    JOBS_LIVE = Gauge Count "windlass_jobs_live" [LABEL_STATE];
    /// How long the job has been due that is due for longest of those a worker could take.
    JOBS_OLDEST_AGE = Gauge Seconds "windlass_jobs_oldest_age_seconds" [];
    /// Jobs that ended, by kind and outcome.
    JOBS_FINISHED = Counter Count "windlass_jobs_finished_total" [LABEL_KIND, LABEL_OUTCOME];
    /// How long jobs took from enqueue to end, by kind and outcome.
    JOB_DURATION = Histogram Seconds "windlass_job_duration_seconds" [LABEL_KIND, LABEL_OUTCOME];
    /// Ends of work on steps of jobs, by kind, step and outcome.
    JOB_STEPS = Counter Count "windlass_job_steps_total" [LABEL_KIND, LABEL_STEP, LABEL_OUTCOME];
    /// How long steps of jobs took, by kind and step.
    JOB_STEP_DURATION = Histogram Seconds "windlass_job_step_duration_seconds" [LABEL_KIND, LABEL_STEP];
    /// How long jobs waited from their acceptance until a worker first took them, by kind.
    JOB_START_WAIT = Histogram Seconds "windlass_job_start_wait_seconds" [LABEL_KIND];
    /// How long the leases of dead workers had been over when others took their jobs over.
    JOB_TAKEOVER = Histogram Seconds "windlass_job_takeover_seconds" [];
    /// Calls that replaced workers were still making when the step was tried again: they may have happened twice.
    JOB_LATE_CALLS = Counter Count "windlass_job_late_calls_total" [];
    /// Jobs that another worker took over.
    JOB_FENCE_LOSSES = Counter Count "windlass_job_fence_losses_total" [];
    /// Failures of the coordination service, by operation.
    COORDINATION_FAILURES = Counter Count "windlass_coordination_failures_total" [LABEL_OPERATION];
    /// Requests that one process counted alone against its share of the quotas, because Redis was silent.
    RATE_LIMITS_COUNTED_ALONE = Counter Count "windlass_rate_limits_counted_alone_total" [];
    /// Requests that were refused because there were too many, by policy.
    RATE_LIMIT_REFUSALS = Counter Count "windlass_rate_limit_refusals_total" [LABEL_POLICY];
    /// Messages that were sent to webhooks, by what became of them.
    WEBHOOK_MESSAGES_SENT = Counter Count "windlass_webhook_messages_sent_total" [LABEL_OUTCOME];
    /// Messages that wait to be sent to webhooks.
    WEBHOOK_MESSAGES_WAITING = Gauge Count "windlass_webhook_messages_waiting" [];
    /// How long the message to a webhook has been due that is due for longest.
    WEBHOOK_LAG = Gauge Seconds "windlass_webhook_lag_seconds" [];
    /// How long ago the last sync of a team with a connected account ended, of the team for which it is longest.
    RECORDS_AGE = Gauge Seconds "windlass_records_age_seconds" [];
    /// Whether what this process needs works, by check: 1 or 0.
    CHECK_UP = Gauge Count "windlass_check_up" [LABEL_CHECK];
    /// Connections to the store, by pool and state: the most there may be, in use, and requests that wait for one.
    STORE_CONNECTIONS = Gauge Count "windlass_store_connections" [LABEL_POOL, LABEL_STATE];
    /// Connections to Redis, by state.
    REDIS_CONNECTIONS = Gauge Count "windlass_redis_connections" [LABEL_STATE];
    /// Whether a host of the platform is left alone after failures in a row, by host: 1 or 0.
    PLATFORM_BREAKER_OPEN = Gauge Count "windlass_platform_breaker_open" [LABEL_HOST];
    /// Passwords that are being hashed or wait for it.
    PASSWORD_HASHES = Gauge Count "windlass_password_hashes" [LABEL_STATE];
    /// Event streams that ended before the client went, by code.
    SSE_STREAMS_CUT = Counter Count "windlass_sse_streams_cut_total" [LABEL_CODE];
    /// Times the connection for notices was made anew.
    COORDINATION_RECONNECTS = Counter Count "windlass_coordination_reconnects_total" [];
    /// Keys of teams and people that nobody can open: a master key is missing from the key ring.
    KEYS_UNREADABLE = Gauge Count "windlass_keys_unreadable" [];
    /// Processes that do not hold the active master key yet, so that nothing is wrapped anew.
    KEY_PROCESSES_BEHIND = Gauge Count "windlass_key_processes_behind" [];
    /// Changed key rings that could not be used; the one from before stays in use.
    KEY_RINGS_REFUSED = Counter Count "windlass_key_rings_refused_total" [];
    /// Spans of traces that were sent to the collector, or dropped because it did not take them, by outcome.
    TRACE_SPANS = Counter Count "windlass_trace_spans_total" [LABEL_OUTCOME];
    /// Log lines that were made, those that were dropped included.
    LOG_LINES = Counter Count "windlass_log_lines_total" [];
    /// Log lines that were dropped because the reader was too slow.
    LOG_LINES_DROPPED = Counter Count "windlass_log_lines_dropped_total" [];
    /// Always 1; its label tells the version.
    BUILD_INFO = Gauge Count "windlass_build_info" [LABEL_VERSION];
}

/// All metrics as a page.
pub fn markdown() -> String {
    let mut page = String::from(INTRODUCTION);
    for metric in ALL {
        let kind = match metric.kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        let labels: Vec<_> = metric.labels.iter().map(|it| format!("`{it}`")).collect();
        let (name, labels, help) = (metric.name, labels.join(", "), metric.help.trim());
        writeln!(page, "| `{name}` | {kind} | {labels} | {help} |")
            .expect("writing to a String cannot fail");
    }
    page
}

const INTRODUCTION: &str = "# Metrics\n\n\
    Printed by `windlass docs metrics`; served at `metrics.listen` in the Prometheus text format. Durations are in\n\
    seconds. No label grows with teams, environments, jobs or paths. What the process shows by itself every five\n\
    seconds (jobs, ages, connections, checks) is the same in every process that shares the store: take the `max`.\n\
    Dashboards and alerts are in [deploy/](../deploy/README.md).\n\n\
    | metric | kind | labels | what |\n|---|---|---|---|\n";

/// Label: the platform's method, one of a closed set.
pub const LABEL_ENDPOINT: &str = "endpoint";
/// Label: the HTTP method.
pub const LABEL_METHOD: &str = "method";
/// Label: the HTTP status, its class, or a word when there was no answer.
pub const LABEL_STATUS: &str = "status";
/// Label: the route's pattern.
pub const LABEL_ROUTE: &str = "route";
/// Label: the kind of a job.
pub const LABEL_KIND: &str = "kind";
/// Label: the name of a step.
pub const LABEL_STEP: &str = "step";
/// Label: the state of a job.
pub const LABEL_STATE: &str = "state";
/// Label: how something ended.
pub const LABEL_OUTCOME: &str = "outcome";
/// Label: the stable code of a problem.
pub const LABEL_CODE: &str = "code";
/// Label: the policy under which requests are counted.
pub const LABEL_POLICY: &str = "policy";
/// Label: what was asked of a service.
pub const LABEL_OPERATION: &str = "operation";
/// Label: which connections.
pub const LABEL_POOL: &str = "pool";
/// Label: what is checked.
pub const LABEL_CHECK: &str = "check";
/// Label: a host of the platform, as configured.
pub const LABEL_HOST: &str = "host";
/// Label: the version of the program.
pub const LABEL_VERSION: &str = "version";
