//! Starts the log: one line per event on standard error, written by a thread of its own, so that a
//! reader that stands still never stops the program. Standard output belongs to commands.
//!
//! Every text value passes the redactor, and a line cannot be broken from inside.

mod layer;
mod line;

use crate::traces::Traces;
use layer::LineLayer;
use opentelemetry_sdk::trace::SdkTracer;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer};

#[cfg(test)]
mod tests;

/// Lines that may wait for a slow reader; what comes beyond is dropped and counted. About 10 MB.
const LINES_WAITING_MAX: usize = 32_768;

/// How a line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object per line, for collectors.
    Json,
    /// Time, level, message, then `name=value`, for people.
    Human,
}

/// What is logged, and how.
#[derive(Debug, Clone, Copy)]
pub struct LogOptions<'filter> {
    /// How a line looks.
    pub format: LogFormat,
    /// Levels by target, such as `info` or `info,worker=debug`.
    pub filter: &'filter str,
}

/// Why logging did not start.
#[derive(Debug, thiserror::Error)]
pub enum LogStartError {
    /// The filter cannot be read.
    #[error("the log filter is not valid")]
    Filter(#[source] tracing_subscriber::filter::ParseError),
    /// Something in this process logs already.
    #[error("logging has been started already")]
    AlreadyStarted(#[source] tracing_subscriber::util::TryInitError),
}

/// Keeps the log going. Dropping it writes what still waits, for up to a second.
pub struct LogGuard {
    _writer: WorkerGuard,
    counts: LineCounts,
}

impl LogGuard {
    /// The counts of lines, to be handed on, such as to [`crate::metrics_exporter::MetricsHandle::watch_lines`].
    pub fn line_counts(&self) -> LineCounts {
        self.counts.clone()
    }
}

/// Counts log lines.
#[derive(Debug, Clone)]
pub struct LineCounts {
    made: Arc<AtomicU64>,
    dropped: ErrorCounter,
}

impl LineCounts {
    /// How many were made so far, those that were dropped included.
    pub fn made(&self) -> u64 {
        self.made.load(Ordering::Relaxed)
    }

    /// How many were dropped so far because the reader was too slow.
    pub fn dropped(&self) -> u64 {
        u64::try_from(self.dropped.dropped_lines()).unwrap_or(u64::MAX)
    }
}

/// Starts logging for the whole process, and following spans with `traces`. To be called once, and the guard kept until
/// the end. Spans are followed from INFO on, whatever the filter says about lines.
pub fn start(options: LogOptions<'_>, traces: Option<&Traces>) -> Result<LogGuard, LogStartError> {
    let filter = EnvFilter::try_new(options.filter).map_err(LogStartError::Filter)?;
    let (writer, guard) = NonBlockingBuilder::default()
        .lossy(true)
        .buffered_lines_limit(LINES_WAITING_MAX)
        .thread_name("log-writer")
        .finish(std::io::stderr());
    let counts = LineCounts {
        made: Arc::default(),
        dropped: writer.error_counter(),
    };
    let lines = LineLayer::new(options.format, writer, Arc::clone(&counts.made));
    let started = match traces {
        None => tracing_subscriber::registry()
            .with(filter)
            .with(lines)
            .try_init(),
        Some(traces) => tracing_subscriber::registry()
            .with(lines.with_filter(filter))
            .with(following(traces).with_filter(LevelFilter::INFO))
            .try_init(),
    };
    started.map_err(LogStartError::AlreadyStarted)?;
    Ok(LogGuard {
        _writer: guard,
        counts,
    })
}

/// Spans with their fields and events, without where in the code and on which thread.
fn following<Spans>(traces: &Traces) -> OpenTelemetryLayer<Spans, SdkTracer>
where
    Spans: tracing::Subscriber + for<'span> LookupSpan<'span>,
{
    tracing_opentelemetry::layer()
        .with_tracer(traces.tracer())
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_level(false)
        .with_tracked_inactivity(false)
        .with_context_activation(false)
}
