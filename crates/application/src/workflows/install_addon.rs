//! Installing and uninstalling one add-on in an environment that stands.

use super::payloads::{DecodeError, InstallAddonPayload, UninstallPayload, decode};
use super::step::{Steps, Undo, WorkflowStep};
use super::steps::{Installable, RecordProjection, UninstallSoftware, install};
use domain::job::EncodedData;

pub(super) fn of(payload: &EncodedData) -> Result<Steps, DecodeError> {
    let addon = decode::<InstallAddonPayload>(payload)?.addon()?;
    Ok(Steps(vec![
        install(format!("install_{addon}"), Installable::Addon(addon)).shown_as("install_<addon>"),
        WorkflowStep::read("record_projection", RecordProjection),
    ]))
}

pub(super) fn uninstall(payload: &EncodedData) -> Result<Steps, DecodeError> {
    let payload: UninstallPayload = decode(payload)?;
    Ok(Steps(vec![
        WorkflowStep::mutate(
            format!("uninstall_{}", payload.addon()?),
            UninstallSoftware::Known(payload.unique_name()),
            Undo::Pivot("what it had set up is gone; another installation is another one"),
        )
        .shown_as("uninstall_<addon>"),
        WorkflowStep::read("record_projection", RecordProjection),
    ]))
}
