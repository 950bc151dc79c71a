//! One call from its parameters to its answer: faults before, access, the work, faults after.
//!
//! It must not know HTTP connections. The work runs in a task of its own, so that it goes on
//! whatever becomes of the client.

use std::sync::Arc;

use http::StatusCode;
use tokio::sync::oneshot;

use crate::access;
use crate::answer::{Answer, Outcome, Refusal};
use crate::endpoints::{Call, Endpoint, Handler, Twists};
use crate::faults::FaultKind;
use crate::ledger::MutationInterval;
use crate::parameters::Parameters;
use crate::platform::Platform;

/// What the connection is to do: send an answer, or close without one.
pub(crate) type Delivered = Option<Answer>;

/// A call that has been received and entered into the journal.
pub(crate) struct Received {
    pub(crate) platform: Arc<Platform>,
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) parameters: Parameters,
    pub(crate) number: u64,
    pub(crate) environment: Option<String>,
    pub(crate) is_get: bool,
    pub(crate) faults: Vec<FaultKind>,
}

/// Carries a call out to its end. The reply may be taken, or nobody may wait for it any more.
pub(crate) async fn carry_out(received: Received, reply: oneshot::Sender<Delivered>) {
    let mut reply = Reply {
        platform: received.platform.clone(),
        number: received.number,
        sender: Some(reply),
    };
    let arrived_at_ms = received.platform.clock.now_ms();
    for fault in &received.faults {
        if let Some(delivered) = before_the_work(&received, fault, &mut reply).await {
            reply.send(delivered.map(|outcome| Answer::from_outcome(outcome, 0)));
            return;
        }
    }
    let outcome = work(&received).await;
    let elapsed_ms = received
        .platform
        .clock
        .now_ms()
        .saturating_sub(arrived_at_ms);
    let mut delivered = Some(Answer::from_outcome(outcome, elapsed_ms));
    for fault in &received.faults {
        delivered = after_the_work(&received, fault, delivered).await;
    }
    reply.send(delivered);
}

/// Hands out at most one answer and notes it in the journal.
struct Reply {
    platform: Arc<Platform>,
    number: u64,
    sender: Option<oneshot::Sender<Delivered>>,
}

impl Reply {
    fn send(&mut self, delivered: Delivered) {
        let Some(sender) = self.sender.take() else {
            return;
        };
        let now_ms = self.platform.clock.now_ms();
        self.platform
            .journal
            .close(self.number, now_ms, delivered.as_ref());
        // The client may have closed the connection: the call is over all the same.
        sender.send(delivered).ok();
    }
}

/// `Some` ends the call before its work: with an outcome, or by closing the connection.
async fn before_the_work(
    received: &Received,
    fault: &FaultKind,
    reply: &mut Reply,
) -> Option<Option<Outcome>> {
    let platform = &received.platform;
    match fault {
        FaultKind::Delay { ms } => {
            platform
                .clock
                .sleep_until(platform.clock.now_ms().saturating_add(*ms))
                .await;
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
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_GATEWAY);
            reply.send(Some(Answer::html(status)));
            None
        }
        FaultKind::DropBeforeEffect => Some(None),
        FaultKind::SessionExpiredOuter => {
            end_session(received);
            Some(Some(Err(Refusal::not_authenticated())))
        }
        FaultKind::SessionExpiredNested {
            after_effect: false,
        } => {
            end_session(received);
            Some(Some(Err(Refusal::not_authenticated().nested())))
        }
        FaultKind::ForcedResult { result, error } => {
            Some(Some(Err(Refusal::new(*result, error.clone()))))
        }
        FaultKind::ForcedNestedResult {
            result,
            error,
            after_effect: false,
        } => Some(Some(Err(Refusal::new(*result, error.clone()).nested()))),
        _ => None,
    }
}

/// What the client is told instead of `delivered`, once the work is done.
async fn after_the_work(received: &Received, fault: &FaultKind, delivered: Delivered) -> Delivered {
    match fault {
        FaultKind::HoldUntilReleased {
            name,
            after_effect: true,
        } => {
            received.platform.holds.wait(name).await;
            delivered
        }
        FaultKind::EffectThenDrop => None,
        FaultKind::SessionExpiredNested { after_effect: true } => {
            end_session(received);
            let refusal = Refusal::not_authenticated().nested();
            delivered.map(|_| Answer::from_outcome(Err(refusal), 0))
        }
        FaultKind::ForcedNestedResult {
            result,
            error,
            after_effect: true,
        } => {
            let refusal = Refusal::new(*result, error.clone()).nested();
            delivered.map(|_| Answer::from_outcome(Err(refusal), 0))
        }
        FaultKind::TruncatedJson { bytes } => delivered.map(|answer| answer.cut_at(*bytes)),
        FaultKind::HtmlOk => delivered.map(|_| Answer::html(StatusCode::OK)),
        _ => delivered,
    }
}

/// The session of this call is gone for later calls too; an access token lives on.
fn end_session(received: &Received) {
    if let Some(session) = received.parameters.text("session") {
        received.platform.state().sessions.remove(session);
    }
}

async fn work(received: &Received) -> Outcome {
    let endpoint = received.endpoint;
    let platform = &received.platform;
    if received.is_get && endpoint.refuses_get {
        let code = platform.invented(platform.world.invented.get_refused);
        return Err(Refusal::from_core(
            code,
            "access not permitted by GET (an invented answer)",
        ));
    }
    let uid = if endpoint.needs_session {
        access::authorise(platform, &received.parameters, endpoint.documented_name)?
    } else {
        0
    };
    let call = Call {
        platform: platform.clone(),
        number: received.number,
        parameters: received.parameters.clone(),
        uid,
        twists: twists(&received.faults),
    };
    let interval = endpoint.mutates.then(|| open_mutation(received, &call));
    let outcome = match endpoint.handler {
        Handler::Instant(handler) => handler(&call),
        Handler::Slow(handler) => handler(call).await,
    };
    if let Some(position) = interval {
        let answer = Answer::from_outcome(outcome.clone(), 0);
        let now_ms = platform.clock.now_ms();
        platform
            .ledger
            .close_mutation(position, now_ms, answer.result(), answer.nested_result());
    }
    outcome
}

fn twists(faults: &[FaultKind]) -> Twists {
    Twists {
        is_name_taken: faults.contains(&FaultKind::NameTaken),
        ends_broken: faults.contains(&FaultKind::BrokenEnvironment),
    }
}

fn open_mutation(received: &Received, call: &Call) -> usize {
    received.platform.ledger.open_mutation(MutationInterval {
        call: received.number,
        method: received.endpoint.method.to_owned(),
        environment: received.environment.clone(),
        uid: Some(call.uid),
        ruk: received.parameters.text("ruk").map(str::to_owned),
        started_at_ms: received.platform.clock.now_ms(),
        ended_at_ms: None,
        started_order: 0,
        ended_order: None,
        result: None,
        nested_result: None,
    })
}
