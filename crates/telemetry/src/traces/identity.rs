//! What identifies a span to others: to the platform that is called, and to a job that goes on where a request ended.

use opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// Trace and span, in the lower-case hexadecimal digits of the W3C header `traceparent`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpanIdentity {
    /// 32 digits.
    pub trace_id: String,
    /// 16 digits.
    pub span_id: String,
    /// Whether the trace is followed.
    pub is_sampled: bool,
}

impl SpanIdentity {
    /// The value of the header `traceparent`.
    pub fn to_header(&self) -> String {
        let flags = u8::from(self.is_sampled);
        format!("00-{}-{}-{flags:02x}", self.trace_id, self.span_id)
    }
}

/// The identity of the span; `None` while spans are not sent anywhere.
pub fn identity_of(span: &Span) -> Option<SpanIdentity> {
    let context = span.context();
    let found = context.span().span_context().clone();
    found.is_valid().then(|| SpanIdentity {
        trace_id: found.trace_id().to_string(),
        span_id: found.span_id().to_string(),
        is_sampled: found.is_sampled(),
    })
}

/// The value of the header `traceparent` for what goes on now; `None` while spans are not sent anywhere.
pub fn current_parent() -> Option<String> {
    identity_of(&Span::current()).map(|identity| identity.to_header())
}

/// Notes that the span goes on with what began at another one, given as the value of a header `traceparent`. What is
/// no such value is left out.
pub fn link(span: &Span, parent: &str) {
    if let Some(context) = parse(parent) {
        span.add_link(context);
    }
}

fn parse(parent: &str) -> Option<SpanContext> {
    let mut parts = parent.split('-');
    let (version, trace, id, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    if version != "00" || parts.next().is_some() {
        return None;
    }
    let context = SpanContext::new(
        TraceId::from_hex(trace).ok()?,
        SpanId::from_hex(id).ok()?,
        TraceFlags::new(u8::from_str_radix(flags, 16).ok()?),
        true,
        TraceState::default(),
    );
    context.is_valid().then_some(context)
}
