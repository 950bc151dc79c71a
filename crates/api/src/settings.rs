//! What an operator may set about answering requests. Numbers about connections are in
//! [`crate::ServeOptions`].

use crate::rate_limits::RateLimits;
use axum::http::HeaderValue;
use domain::ports::{ReadModel, TokenHasher};
use futures::future::BoxFuture;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Longest body that is read, in bytes: no request of ours comes near it.
const BODY_BYTES_MAX: usize = 256 * 1024;
/// Longest time for one answer, waiting that the client asked for not counted: more than any sign-in
/// at a platform takes.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// How often an idle stream says that it is alive: proxies close what is silent for 30 to 60 s.
const STREAM_HEARTBEAT: Duration = Duration::from_secs(15);

/// One thing that this process needs.
#[derive(Clone)]
pub struct ReadinessCheck {
    /// What is checked; shown to anybody who asks, so no host and no secret.
    pub name: &'static str,
    /// Whether no request may come while it does not work. What is not vital only makes the process `degraded`.
    pub is_vital: bool,
    /// Whether it works now. It is given two seconds.
    pub probe: Arc<dyn Fn() -> BoxFuture<'static, bool> + Send + Sync>,
}

/// How requests are answered.
#[derive(Clone)]
pub struct ApiSettings {
    /// Signs cursors.
    pub token_hasher: Arc<dyn TokenHasher>,
    /// Asked by `/readyz` whether the store answers.
    pub read_model: Arc<dyn ReadModel>,
    /// What else is looked at before the process is ready.
    pub readiness_checks: Vec<ReadinessCheck>,
    /// How many requests may be made.
    pub rate_limits: RateLimits,
    /// The origins whose pages may read answers.
    pub allowed_origins: Arc<[HeaderValue]>,
    /// Whether clients always come by TLS, to us or to a proxy in front: browsers are told to keep to it.
    pub is_encrypted: bool,
    /// Ends streams and makes the process unready. The same token as in [`crate::ServeOptions`].
    pub shutdown: CancellationToken,
    /// Where mutations run, so that a client that goes away cancels nothing. Whoever stops the
    /// process waits for it after [`crate::serve()`] has returned.
    pub tasks: TaskTracker,
    /// Longest body, in bytes.
    pub body_bytes_max: usize,
    /// Longest time for one answer; waiting that the client asked for comes on top.
    pub request_timeout: Duration,
    /// How often an idle stream says that it is alive.
    pub stream_heartbeat: Duration,
}

impl ApiSettings {
    /// The usual numbers, and no check but that of the store.
    pub fn new(
        token_hasher: Arc<dyn TokenHasher>,
        read_model: Arc<dyn ReadModel>,
        rate_limits: RateLimits,
        shutdown: CancellationToken,
        tasks: TaskTracker,
    ) -> Self {
        Self {
            token_hasher,
            read_model,
            readiness_checks: Vec::new(),
            rate_limits,
            allowed_origins: Arc::default(),
            is_encrypted: false,
            shutdown,
            tasks,
            body_bytes_max: BODY_BYTES_MAX,
            request_timeout: REQUEST_TIMEOUT,
            stream_heartbeat: STREAM_HEARTBEAT,
        }
    }
}
