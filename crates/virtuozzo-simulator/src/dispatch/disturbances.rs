//! Carrying out the faults of one call, before its work and after it.
//!
//! It must not know which calls a fault hits.

use http::StatusCode;
use http::header::{LOCATION, RETRY_AFTER};
use serde_json::{Map, Value, json};

use super::{Delivered, Received, Reply};
use crate::answer::{Answer, Outcome, Refusal, into_map};
use crate::faults::FaultKind;

const NOT_AUTHENTICATED: i64 = 702;

/// `Some` ends the call before its work.
pub(super) async fn before_the_work(
    received: &Received,
    fault: &FaultKind,
    reply: &mut Reply,
) -> Option<Delivered> {
    if let Some(outcome) = instead(received, fault, Moment::BeforeTheWork) {
        return Some(Delivered::Answer(Answer::from_outcome(outcome, 0)));
    }
    let platform = &received.platform;
    match fault {
        FaultKind::Delay { ms } => {
            wait(received, *ms).await;
            None
        }
        FaultKind::JitteredDelay { ms, jitter_ms } => {
            let extra_ms = platform.faults.draw(*jitter_ms);
            wait(received, ms.saturating_add(extra_ms)).await;
            None
        }
        FaultKind::HoldUntilReleased {
            name,
            after_effect: false,
        } => {
            platform.holds.wait(name).await;
            None
        }
        FaultKind::BadGatewayHtml { status } => {
            reply.send(Delivered::Answer(Answer::html(status_of(*status))));
            None
        }
        FaultKind::ProxyPage {
            status,
            retry_after_s,
        } => {
            let page = Answer::html(status_of(*status));
            Some(Delivered::Answer(match retry_after_s {
                Some(seconds) => page.with_header(RETRY_AFTER, &seconds.to_string()),
                None => page,
            }))
        }
        FaultKind::Redirect { status, location } => {
            let page = Answer::html(status_of(*status));
            Some(Delivered::Answer(page.with_header(LOCATION, location)))
        }
        FaultKind::DropBeforeEffect => Some(Delivered::Closed),
        FaultKind::ResetBeforeEffect => Some(Delivered::Reset),
        _ => None,
    }
}

/// What the client is told instead of `delivered`, once the work is done.
pub(super) async fn after_the_work(
    received: &Received,
    fault: &FaultKind,
    delivered: Delivered,
) -> Delivered {
    let Delivered::Answer(answer) = delivered else {
        return delivered;
    };
    if let Some(outcome) = instead(received, fault, Moment::AfterTheWork) {
        return Delivered::Answer(Answer::from_outcome(outcome, 0));
    }
    Delivered::Answer(match fault {
        FaultKind::EffectThenDrop => return Delivered::Closed,
        FaultKind::EffectThenReset => return Delivered::Reset,
        FaultKind::HoldUntilReleased {
            name,
            after_effect: true,
        } => {
            received.platform.holds.wait(name).await;
            answer
        }
        FaultKind::TruncatedJson { bytes } => answer.cut_at(*bytes),
        FaultKind::SlowBody { bytes_per_second } => answer.slowed(*bytes_per_second),
        FaultKind::EndlessBody => answer.endless(),
        FaultKind::DeepJson { depth } => answer.deepened(*depth),
        FaultKind::HtmlOk => Answer::html(StatusCode::OK),
        _ => answer,
    })
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Moment {
    BeforeTheWork,
    AfterTheWork,
}

/// The outcome that takes the place of the method's own at this moment, if the fault has one.
fn instead(received: &Received, fault: &FaultKind, moment: Moment) -> Option<Outcome> {
    let due = match fault {
        FaultKind::SessionExpiredNested { after_effect }
        | FaultKind::ForcedNestedResult { after_effect, .. }
        | FaultKind::ForcedDeepResult { after_effect, .. }
        | FaultKind::FailedResponses { after_effect, .. }
            if *after_effect =>
        {
            Moment::AfterTheWork
        }
        _ => Moment::BeforeTheWork,
    };
    if due != moment {
        return None;
    }
    match fault {
        FaultKind::SessionExpiredOuter => {
            end_session(received);
            Some(Err(Refusal::not_authenticated()))
        }
        FaultKind::SessionExpiredNested { .. } => {
            end_session(received);
            Some(Err(Refusal::not_authenticated().nested()))
        }
        FaultKind::SessionEchoed { masked } => Some(Err(echo(received, *masked))),
        FaultKind::ForcedResult { result, error } => {
            Some(Err(Refusal::new(*result, error.clone())))
        }
        FaultKind::ForcedNestedResult { result, error, .. } => {
            Some(Err(Refusal::new(*result, error.clone()).nested()))
        }
        FaultKind::ForcedDeepResult {
            result,
            error,
            depth,
            ..
        } => Some(Err(Refusal::new(*result, error.clone()).nested_in(*depth))),
        FaultKind::FailedResponses {
            result,
            error,
            outer_result,
            ..
        } => Some(Ok(failed_responses(
            received,
            *result,
            error,
            *outer_result,
        ))),
        _ => None,
    }
}

/// The session of this call is gone for later calls too; an access token lives on.
fn end_session(received: &Received) {
    if let Some(session) = received.parameters.text("session") {
        received.platform.state().sessions.remove(session);
    }
}

/// As the platform masks it, or worse: with the session as it is.
fn echo(received: &Received, masked: bool) -> Refusal {
    match received.parameters.text("session") {
        Some(session) if !masked => Refusal::from_core(
            NOT_AUTHENTICATED,
            format!("user not authenticated: session [{session}]"),
        ),
        _ => Refusal::not_authenticated(),
    }
}

/// One element, for the first node of the environment if the call names one.
fn failed_responses(
    received: &Received,
    result: i64,
    error: &str,
    outer_result: i64,
) -> Map<String, Value> {
    let mut failed = json!({"result": result, "error": error, "source": "JEL",
        "out": "", "errOut": error, "exitStatus": 1});
    let state = received.platform.state();
    let named = received.environment.as_ref();
    let first_node = named
        .and_then(|name| state.environments.get(name))
        .and_then(|environment| environment.nodes.first());
    if let Some(node) = first_node {
        failed["nodeid"] = json!(node.id);
    }
    into_map(json!({"result": outer_result, "responses": [failed]}))
}

async fn wait(received: &Received, ms: u64) {
    let clock = &received.platform.clock;
    clock.sleep_until(clock.now_ms().saturating_add(ms)).await;
}

/// 502 for a number that is no status.
fn status_of(number: u16) -> StatusCode {
    StatusCode::from_u16(number).unwrap_or(StatusCode::BAD_GATEWAY)
}
