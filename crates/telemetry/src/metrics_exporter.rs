//! Collects metrics and shows them on a listener of their own. It knows names and buckets, and
//! nothing of what is measured.

mod listener;

use crate::logs::LineCounts;
use crate::names::metrics::{self as names, Kind};
use metrics_exporter_prometheus::{
    BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

pub use listener::serve;

#[cfg(test)]
mod tests;

/// How often collected samples are folded into their buckets, so that nobody has to scrape for
/// memory to stay bounded.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);

/// Seconds. Platform calls and jobs last from 50 ms to 10 min.
const SLOW_BUCKETS: &[f64] = &[
    0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 180.0, 300.0, 600.0,
];

/// Seconds. Our own answers take from 1 ms to a minute (a client may wait for a job inside one).
const FAST_BUCKETS: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0,
];

/// Why metrics are not collected.
#[derive(Debug, thiserror::Error)]
pub enum MetricsStartError {
    /// The buckets are not valid.
    #[error("the metric buckets are not valid")]
    Buckets(#[source] BuildError),
    /// Something in this process collects metrics already.
    #[error("metrics are collected already")]
    AlreadyInstalled,
}

/// Reads what has been collected.
#[derive(Clone)]
pub struct MetricsHandle {
    exposition: PrometheusHandle,
    lines: Arc<OnceLock<LineCounts>>,
}

impl MetricsHandle {
    pub(crate) fn new(exposition: PrometheusHandle) -> Self {
        Self {
            exposition,
            lines: Arc::default(),
        }
    }

    /// Everything in the Prometheus text format, version 0.0.4.
    pub fn render(&self) -> String {
        if let Some(counts) = self.lines.get() {
            ::metrics::counter!(names::LOG_LINES).absolute(counts.made());
            ::metrics::counter!(names::LOG_LINES_DROPPED).absolute(counts.dropped());
        }
        self.exposition.render()
    }

    /// Shows the numbers of log lines from now on. Only the first counts are watched.
    pub fn watch_lines(&self, counts: LineCounts) {
        drop(self.lines.set(counts));
    }

    /// Folds samples into their buckets until `shutdown`. [`serve`] does this besides serving; a
    /// process without a listener runs it alone.
    pub async fn keep_up(&self, shutdown: CancellationToken) {
        let mut interval = tokio::time::interval(UPKEEP_INTERVAL);
        while shutdown
            .run_until_cancelled(interval.tick())
            .await
            .is_some()
        {
            self.exposition.run_upkeep();
        }
    }
}

/// Starts to collect metrics for the whole process. To be called once.
pub fn install() -> Result<MetricsHandle, MetricsStartError> {
    let recorder = recorder()?;
    let handle = MetricsHandle::new(recorder.handle());
    ::metrics::set_global_recorder(recorder).map_err(|_| MetricsStartError::AlreadyInstalled)?;
    describe();
    Ok(handle)
}

fn recorder() -> Result<PrometheusRecorder, MetricsStartError> {
    let mut builder = PrometheusBuilder::new();
    for metric in names::ALL {
        if metric.kind != Kind::Histogram {
            continue;
        }
        let buckets = if metric.name == names::HTTP_REQUEST_DURATION {
            FAST_BUCKETS
        } else {
            SLOW_BUCKETS
        };
        builder = builder
            .set_buckets_for_metric(Matcher::Full(metric.name.to_owned()), buckets)
            .map_err(MetricsStartError::Buckets)?;
    }
    Ok(builder.build_recorder())
}

/// Tells the recorder in force what each metric means, and which version runs.
fn describe() {
    for metric in names::ALL {
        let help = metric.help.trim();
        match metric.kind {
            Kind::Counter => ::metrics::describe_counter!(metric.name, metric.unit, help),
            Kind::Gauge => ::metrics::describe_gauge!(metric.name, metric.unit, help),
            Kind::Histogram => ::metrics::describe_histogram!(metric.name, metric.unit, help),
        }
    }
    let version = env!("CARGO_PKG_VERSION");
    ::metrics::gauge!(names::BUILD_INFO, names::LABEL_VERSION => version).set(1.0);
}
