//! What identifies one attempt to the platform's logs, and randomness for pauses.

use http::HeaderValue;
use std::fmt::Write;
use telemetry::traces::{SpanIdentity, identity_of};

/// The trace identity of one attempt.
pub(super) struct Trace(SpanIdentity);

impl Trace {
    /// That of the span, when spans are followed; else a fresh one.
    pub(super) fn of(span: &tracing::Span) -> Self {
        identity_of(span).map_or_else(Self::random, Self)
    }

    /// A fresh identity. When the system has no randomness, a fixed one: a call is worth more than its trace.
    pub(super) fn random() -> Self {
        let mut bytes = [0_u8; 24];
        if getrandom::fill(&mut bytes).is_err() {
            bytes = [1; 24];
        }
        Self(SpanIdentity {
            trace_id: hex(&bytes[..16]),
            span_id: hex(&bytes[16..]),
            is_sampled: true,
        })
    }

    pub(super) fn trace_id(&self) -> &str {
        &self.0.trace_id
    }

    /// For `x-trace-id`.
    pub(super) fn plain_header(&self) -> HeaderValue {
        header(&self.0.trace_id)
    }

    /// For `traceparent`.
    pub(super) fn standard_header(&self) -> HeaderValue {
        header(&self.0.to_header())
    }
}

fn header(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("hexadecimal digits and hyphens fit into a header")
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        write!(text, "{byte:02x}").expect("writing to a String cannot fail");
    }
    text
}

/// Anything from 0 to 1. Half, when the system has no randomness.
pub(super) fn random_fraction() -> f64 {
    getrandom::u32().map_or(0.5, |number| f64::from(number) / f64::from(u32::MAX))
}

/// A text of lower-case hexadecimal digits that nobody can have chosen.
pub(crate) fn random_digits() -> String {
    Trace::random().0.span_id
}
