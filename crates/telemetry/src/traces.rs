//! Sends spans to a collector: OTLP, protobuf over HTTP. Spans that a slow or dead collector does not take are dropped
//! and counted; nothing waits for it. Every text that leaves passes the redactor.

mod collector;
mod identity;
mod queue;

pub use collector::TraceStartError;
pub use identity::{SpanIdentity, current_parent, identity_of, link};

use collector::Collector;
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracer, SdkTracerProvider, SpanExporter as _};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

#[cfg(test)]
mod tests;

/// Where spans go, and how many.
#[derive(Debug, Clone)]
pub struct TraceOptions {
    /// The collector's address for spans, such as `http://127.0.0.1:4318/v1/traces`.
    pub endpoint: http::Uri,
    /// Sent as `Authorization`; marked as sensitive by who makes it.
    pub authorization: Option<http::HeaderValue>,
    /// The part of all traces that is followed, from 0 to 1. A trace is followed whole or not at all.
    pub sample_ratio: f64,
}

/// Makes spans known to the collector. To be started inside a runtime, once, before the log.
pub struct Traces {
    provider: SdkTracerProvider,
    exporting: TaskTracker,
    stop: CancellationToken,
}

impl Traces {
    /// Nothing is sent yet, so a collector that is down does not matter.
    pub fn start(options: TraceOptions) -> Result<Self, TraceStartError> {
        let endpoint = options.endpoint.to_string();
        let mut exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Collector::new(options.authorization)?)
            .with_endpoint(endpoint)
            .build()
            .map_err(TraceStartError::Exporter)?;
        let resource = Resource::builder_empty()
            .with_attributes([
                KeyValue::new("service.name", "windlass"),
                KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            ])
            .build();
        exporter.set_resource(&resource);
        let stop = CancellationToken::new();
        let (processor, waiting) = queue::queue();
        let exporting = TaskTracker::new();
        exporting.spawn(queue::export(waiting, exporter, stop.clone()));
        exporting.close();
        let sampler =
            Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(options.sample_ratio)));
        let provider = SdkTracerProvider::builder()
            .with_span_processor(processor)
            .with_sampler(sampler)
            .with_resource(resource)
            .build();
        Ok(Self {
            provider,
            exporting,
            stop,
        })
    }

    pub(crate) fn tracer(&self) -> SdkTracer {
        self.provider.tracer("windlass")
    }

    /// Sends what still waits, for as long as one sending may take.
    pub async fn finish(self) {
        self.stop.cancel();
        self.exporting.wait().await;
    }
}
