//! The one way to the platform: a pooled HTTP/1.1 client with limits, deadlines, retries of reads, a
//! circuit breaker per host, and a cap on bodies. From the outside in: admission (global and per
//! account, refused at once beyond the limit), total deadline, retry with a budget, breaker, one
//! attempt with its own deadlines, and a body under its cap and not slower than its minimum.
//!
//! It must not know sessions, results or what a call means. A call whose future is dropped is given
//! up: the connection is closed, and whatever the platform had received goes on there.

use crate::configuration::{PlatformConfiguration, ResolvedUrls};
use crate::endpoint::{AnswerClass, Endpoint};
use admission::Admission;
use breaker::{Breaker, Health};
use budget::RetryBudget;
use bytes::Bytes;
use client::HttpClient;
use domain::ids::PlatformAccountId;
use domain::ports::{Clock, Instant};
use http::StatusCode;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

mod admission;
mod answer_body;
mod attempt;
mod breaker;
mod budget;
mod client;
mod failure;
mod observation;
mod request_body;
mod trace;

pub(crate) use client::check_trust_anchors;
pub(crate) use trace::random_digits;

pub(crate) use failure::{DoubtCause, Failure, NotSentCause};

/// Largest answer that is read, in bytes.
pub(crate) const BODY_BYTES_MAX: usize = 8 * 1024 * 1024;

/// What came back: a status and a whole body. No `Debug`: the body may hold a session.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// Empty when the status is not 2xx: nothing in it would count.
    pub(crate) body: Bytes,
}

/// One request, ready to go.
pub(crate) struct Outgoing {
    pub(crate) endpoint: Endpoint,
    pub(crate) body: Bytes,
    /// Whose limit counts; `None` before there is an account.
    pub(crate) account: Option<PlatformAccountId>,
}

/// When a request must have left and how long its answer may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadlines {
    pub(crate) send_by: Instant,
    pub(crate) answer_within: Duration,
}

/// What is remembered about one host.
struct Host {
    authority: String,
    breaker: Breaker,
    budget: RetryBudget,
}

/// The connections to one platform.
pub(crate) struct Transport {
    client: HttpClient,
    urls: ResolvedUrls,
    settings: PlatformConfiguration,
    admission: Admission,
    hosts: Mutex<HashMap<String, Arc<Host>>>,
    clock: Arc<dyn Clock>,
}

impl Transport {
    pub(crate) fn new(
        settings: PlatformConfiguration,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, crate::configuration::ConfigurationError> {
        let urls = settings.resolve()?;
        Ok(Self {
            client: client::build(&settings, &urls)?,
            admission: Admission::new(settings.concurrency),
            urls,
            settings,
            hosts: Mutex::default(),
            clock,
        })
    }

    pub(crate) fn settings(&self) -> &PlatformConfiguration {
        &self.settings
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// Sends once, whatever happens. For mutations and sign-in.
    pub(crate) async fn send_once(
        &self,
        outgoing: &Outgoing,
        deadlines: Deadlines,
    ) -> Result<Answer, Failure> {
        let _admitted = self.admission.enter(outgoing.account)?;
        let class_limit = match outgoing.endpoint.answer_class() {
            AnswerClass::Instant | AnswerClass::Medium => self.settings.answer_timeouts.medium,
            AnswerClass::Long => self.settings.answer_timeouts.long,
        };
        let deadlines = Deadlines {
            answer_within: deadlines.answer_within.min(class_limit),
            ..deadlines
        };
        self.attempt_guarded(outgoing, deadlines, 1).await
    }

    /// Sends a read, and again where that may help.
    pub(crate) async fn read(&self, outgoing: &Outgoing) -> Result<Answer, Failure> {
        let _admitted = self.admission.enter(outgoing.account)?;
        let give_up_at = self.clock.instant().plus(self.settings.read_total);
        let host = self.host(outgoing.endpoint);
        host.budget.deposit();
        let mut attempt = 1;
        loop {
            let now = self.clock.instant();
            let left = now.until(give_up_at);
            let deadlines = Deadlines {
                send_by: now.plus(left),
                answer_within: left.min(self.settings.answer_timeouts.instant),
            };
            let outcome = self.attempt_guarded(outgoing, deadlines, attempt).await;
            if !failure::is_worth_repeating(&outcome) || attempt > self.settings.max_retries {
                return outcome;
            }
            let pause = self.pause_before_retry(attempt);
            let has_time = pause < self.clock.instant().until(give_up_at);
            if !has_time || !host.budget.withdraw() {
                return outcome;
            }
            self.clock.sleep(pause).await;
            observation::retried(outgoing.endpoint);
            attempt += 1;
        }
    }

    /// Full jitter: anything from nothing to the doubled-up limit, so that clients that failed
    /// together do not come back together.
    fn pause_before_retry(&self, attempt: u32) -> Duration {
        let limit = self
            .settings
            .retry_backoff
            .saturating_mul(1 << (attempt - 1).min(10));
        limit.mul_f64(trace::random_fraction())
    }

    async fn attempt_guarded(
        &self,
        outgoing: &Outgoing,
        deadlines: Deadlines,
        attempt: u32,
    ) -> Result<Answer, Failure> {
        let host = self.host(outgoing.endpoint);
        let pass = host.breaker.enter(self.clock.instant())?;
        let outcome = self.attempt(outgoing, deadlines, attempt).await;
        let health = Health::of(&outcome, outgoing.endpoint.answer_class());
        if let Some(is_left_alone) = pass.report(health, self.clock.instant()) {
            observation::left_alone(&host.authority, is_left_alone);
        }
        outcome
    }

    fn host(&self, endpoint: Endpoint) -> Arc<Host> {
        let url = self.urls.of_endpoint(endpoint);
        let authority = url.authority().to_owned();
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let host = hosts.entry(authority.clone()).or_insert_with(|| {
            Arc::new(Host {
                authority,
                breaker: Breaker::new(self.settings.breaker),
                budget: RetryBudget::default(),
            })
        });
        Arc::clone(host)
    }
}
