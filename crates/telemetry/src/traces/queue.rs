//! From ended spans to the collector, through a bounded queue: nobody who ends a span waits.

use crate::names::metrics::{LABEL_OUTCOME, TRACE_SPANS};
use crate::redact::{REDACTED, is_secret_field, without_secrets};
use opentelemetry::{Context, KeyValue, Value};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanExporter, SpanProcessor};
use std::borrow::Cow;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Spans that may wait; about 4 MB. What comes beyond is dropped and counted.
const SPANS_WAITING_MAX: usize = 4_096;
/// Most spans in one request.
const BATCH: usize = 512;
/// Spans are gathered for so long.
const GATHER_FOR: Duration = Duration::from_millis(500);
/// A collector that takes longer for one request gets none of its spans.
const SEND_WITHIN: Duration = Duration::from_secs(3);

/// Puts ended spans into the queue.
#[derive(Debug)]
pub(super) struct QueueingProcessor {
    queue: mpsc::Sender<SpanData>,
}

pub(super) fn queue() -> (QueueingProcessor, mpsc::Receiver<SpanData>) {
    let (queue, waiting) = mpsc::channel(SPANS_WAITING_MAX);
    (QueueingProcessor { queue }, waiting)
}

impl SpanProcessor for QueueingProcessor {
    fn on_start(&self, _span: &mut Span, _context: &Context) {}

    fn on_end(&self, span: SpanData) {
        if span.span_context.is_sampled() && self.queue.try_send(span).is_err() {
            count("dropped", 1);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        Ok(())
    }
}

fn count(outcome: &'static str, spans: usize) {
    let spans = u64::try_from(spans).unwrap_or(u64::MAX);
    metrics::counter!(TRACE_SPANS, LABEL_OUTCOME => outcome).increment(spans);
}

/// Sends what comes until `stop`, and then what still waits, unless the collector does not take it.
pub(super) async fn export(
    mut waiting: mpsc::Receiver<SpanData>,
    exporter: impl SpanExporter,
    stop: CancellationToken,
) {
    loop {
        stop.run_until_cancelled(tokio::time::sleep(GATHER_FOR))
            .await;
        if stop.is_cancelled() {
            waiting.close();
        }
        let mut batch = Vec::with_capacity(BATCH);
        let gathered = tokio::select! {
            gathered = waiting.recv_many(&mut batch, BATCH) => gathered,
            () = stop.cancelled(), if !waiting.is_closed() => continue,
        };
        if gathered == 0 {
            return;
        }
        let is_taken = send(&exporter, batch).await;
        count(if is_taken { "exported" } else { "dropped" }, gathered);
        if !is_taken && stop.is_cancelled() {
            count("dropped", waiting.len());
            return;
        }
    }
}

async fn send(exporter: &impl SpanExporter, mut batch: Vec<SpanData>) -> bool {
    for span in &mut batch {
        redact(span);
    }
    let sent = tokio::time::timeout(SEND_WITHIN, exporter.export(batch)).await;
    matches!(sent, Ok(Ok(())))
}

/// Texts in spans come from the same places as those of log lines.
fn redact(span: &mut SpanData) {
    redact_values(&mut span.attributes);
    for event in &mut span.events.events {
        if let Cow::Owned(clean) = without_secrets(&event.name) {
            event.name = Cow::Owned(clean);
        }
        redact_values(&mut event.attributes);
    }
}

fn redact_values(attributes: &mut [KeyValue]) {
    for attribute in attributes {
        let Value::String(text) = &attribute.value else {
            continue;
        };
        if is_secret_field(attribute.key.as_str()) {
            attribute.value = Value::String(REDACTED.into());
        } else if let Cow::Owned(clean) = without_secrets(text.as_str()) {
            attribute.value = Value::String(clean.into());
        }
    }
}
