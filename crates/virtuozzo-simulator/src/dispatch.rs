//! One call from its parameters to its answer: faults before, access, the work, faults after.
//!
//! It must not know HTTP connections. The work runs in a task of its own, so that it goes on
//! whatever becomes of the client.

use std::sync::Arc;

use tokio::sync::oneshot;

use crate::access;
use crate::answer::{Answer, Outcome, Refusal};
use crate::endpoints::{Call, Endpoint, Handler, Twists};
use crate::faults::FaultKind;
use crate::ledger::MutationInterval;
use crate::parameters::Parameters;
use crate::platform::Platform;

mod disturbances;

/// What the connection is to do.
#[derive(Debug)]
pub(crate) enum Delivered {
    Answer(Answer),
    /// Close without an answer.
    Closed,
    /// The same with a reset.
    Reset,
}

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
        if let Some(delivered) = disturbances::before_the_work(&received, fault, &mut reply).await {
            reply.send(delivered);
            return;
        }
    }
    let outcome = work(&received).await;
    let elapsed_ms = received
        .platform
        .clock
        .now_ms()
        .saturating_sub(arrived_at_ms);
    let mut delivered = Delivered::Answer(Answer::from_outcome(outcome, elapsed_ms));
    for fault in &received.faults {
        delivered = disturbances::after_the_work(&received, fault, delivered).await;
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
        let answer = match &delivered {
            Delivered::Answer(answer) => Some(answer),
            Delivered::Closed | Delivered::Reset => None,
        };
        self.platform.journal.close(self.number, now_ms, answer);
        // The client may have closed the connection: the call is over all the same.
        sender.send(delivered).ok();
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
    let visible_after_ms = faults.iter().find_map(|fault| match fault {
        FaultKind::VisibleAfter { ms } => Some(*ms),
        _ => None,
    });
    Twists {
        is_name_taken: faults.contains(&FaultKind::NameTaken),
        ends_broken: faults.contains(&FaultKind::BrokenEnvironment),
        visible_after_ms,
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
