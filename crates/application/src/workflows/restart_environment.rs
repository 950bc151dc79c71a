//! Restarting an environment layer by layer, one layer, or one node; and redeploying.

use super::payloads::{DecodeError, RedeployPayload, RestartPayload, decode};
use super::step::{Steps, WorkflowStep};
use super::steps::{RecordProjection, Redeploy, Restart, blind};
use domain::job::EncodedData;
use domain::ports::NodeTarget;

pub(super) fn restart(payload: &EncodedData) -> Result<Steps, DecodeError> {
    let payload: RestartPayload = decode(payload)?;
    let mut steps = Vec::with_capacity(payload.targets.len() + 1);
    for target in &payload.targets {
        let target = target.target()?;
        let (name, shown_name) = match &target {
            NodeTarget::Layer(layer) => (format!("restart_{layer}"), "restart_<layer>"),
            NodeTarget::Node(_) => ("restart_node".to_owned(), "restart_node"),
        };
        let call = Restart {
            target,
            is_of_containers: payload.is_of_containers,
        };
        let step = blind(name, call, "a restart leaves nothing to take back");
        steps.push(step.shown_as(shown_name));
    }
    steps.push(WorkflowStep::read("record_projection", RecordProjection));
    Ok(Steps(steps))
}

pub(super) fn redeploy(payload: &EncodedData) -> Result<Steps, DecodeError> {
    let payload: RedeployPayload = decode(payload)?;
    let call = Redeploy {
        target: payload.target.target()?,
        spec: payload.spec()?,
    };
    Ok(Steps(vec![
        blind(
            "redeploy",
            call,
            "the containers before are gone; another version is another redeployment",
        ),
        WorkflowStep::read("record_projection", RecordProjection),
    ]))
}
