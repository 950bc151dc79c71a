//! Making backups and bringing them back, through the platform's backup add-on.

use super::payloads::{CreateBackupPayload, DecodeError, RestoreBackupPayload, decode};
use super::step::Steps;
use super::steps::{CreateBackup, RestoreBackup, blind};
use domain::job::EncodedData;

pub(super) fn create(payload: &EncodedData) -> Result<Steps, DecodeError> {
    let payload: CreateBackupPayload = decode(payload)?;
    let call = CreateBackup {
        installation: payload.installation(),
    };
    Ok(Steps(vec![blind(
        "create_backup",
        call,
        "a backup that is there is in nobody's way",
    )]))
}

pub(super) fn restore(payload: &EncodedData) -> Result<Steps, DecodeError> {
    let payload: RestoreBackupPayload = decode(payload)?;
    let call = RestoreBackup {
        installation: payload.installation(),
        snapshot: payload.snapshot()?,
    };
    Ok(Steps(vec![blind(
        "restore_backup",
        call,
        "what the backup wrote over is gone",
    )]))
}
