//! Installing the package that manages caches, and running one of its actions.

use super::payloads::{DecodeError, MbadminActionPayload, MbadminPackagePayload, decode};
use super::step::{Steps, WorkflowStep};
use super::steps::{Installable, RecordProjection, RunMbadminAction, blind, install};
use domain::job::EncodedData;

pub(super) fn of_installation(payload: &EncodedData) -> Result<Steps, DecodeError> {
    let package = decode::<MbadminPackagePayload>(payload)?.package()?;
    Ok(Steps(vec![
        install("install_mbadmin".to_owned(), Installable::Mbadmin(package)),
        WorkflowStep::read("record_projection", RecordProjection),
    ]))
}

pub(super) fn of_action(payload: &EncodedData) -> Result<Steps, DecodeError> {
    let payload: MbadminActionPayload = decode(payload)?;
    let call = RunMbadminAction {
        installation: payload.installation(),
        action: payload.action()?,
        parameters: payload.parameters()?,
    };
    Ok(Steps(vec![blind(
        "run_action",
        call,
        "the platform does not tell what was there before",
    )]))
}
