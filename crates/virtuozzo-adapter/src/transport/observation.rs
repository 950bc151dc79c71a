//! Counts and times attempts. Labels are closed sets: endpoints, the one method, statuses.

use super::{Answer, DoubtCause, Failure};
use crate::endpoint::Endpoint;
use metrics::{counter, gauge, histogram};
use std::time::Duration;
use telemetry::names::metrics::{
    LABEL_ENDPOINT, LABEL_HOST, LABEL_METHOD, LABEL_STATUS, PLATFORM_BREAKER_OPEN,
    PLATFORM_REQUEST_LATENCY, PLATFORM_REQUESTS, PLATFORM_RETRIES,
};

/// One attempt ended.
pub(super) fn attempted(endpoint: Endpoint, outcome: &Result<Answer, Failure>, took: Duration) {
    let status = status(outcome);
    tracing::Span::current().record("status", status.as_str());
    counter!(
        PLATFORM_REQUESTS,
        LABEL_ENDPOINT => endpoint.label(),
        LABEL_METHOD => "POST",
        LABEL_STATUS => status,
    )
    .increment(1);
    histogram!(PLATFORM_REQUEST_LATENCY, LABEL_ENDPOINT => endpoint.label())
        .record(took.as_secs_f64());
}

/// A read is sent again.
pub(super) fn retried(endpoint: Endpoint) {
    counter!(PLATFORM_RETRIES, LABEL_ENDPOINT => endpoint.label()).increment(1);
}

/// A host is left alone after failures in a row, or is no longer.
pub(super) fn left_alone(authority: &str, is_left_alone: bool) {
    gauge!(PLATFORM_BREAKER_OPEN, LABEL_HOST => authority.to_owned())
        .set(f64::from(u8::from(is_left_alone)));
    if is_left_alone {
        tracing::warn!(
            host = authority,
            "the platform's host is left alone for a while"
        );
    } else {
        tracing::info!(host = authority, "the platform's host answers again");
    }
}

/// The HTTP status, or a word when there was none. A made-up status does not become a label.
fn status(outcome: &Result<Answer, Failure>) -> String {
    match outcome {
        Ok(answer) if answer.status.canonical_reason().is_none() => "other".into(),
        Ok(answer) => answer.status.as_u16().to_string(),
        Err(Failure::NotSent(_)) => "not_sent".into(),
        Err(Failure::InDoubt(DoubtCause::AnswerTimedOut | DoubtCause::AnswerTooSlow)) => {
            "timeout".into()
        }
        Err(Failure::InDoubt(_)) => "broken".into(),
    }
}
