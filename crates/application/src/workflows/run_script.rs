//! Running a script that the operator has stored on the platform and mapped.

use super::payloads::{DecodeError, ScriptPayload, decode};
use super::step::Steps;
use super::steps::{RunScript, blind};
use domain::job::EncodedData;

pub(super) fn of(payload: &EncodedData) -> Result<Steps, DecodeError> {
    let script = decode::<ScriptPayload>(payload)?.script()?;
    Ok(Steps(vec![blind(
        "run_script",
        RunScript(script),
        "what a script does is known to its author only",
    )]))
}
