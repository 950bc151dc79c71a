//! `marketplace/installation`: actions of the backup add-on. The platform has no method of its own for backups; what
//! the add-on's manifest calls its actions and their parameters is configuration.

use super::Call;
use crate::endpoint::Endpoint;
use crate::form::Form;
use domain::names::SnapshotName;
use domain::software::PlatformUniqueName;
use std::collections::BTreeMap;

/// Has the add-on make a backup.
///
/// Documentation:
/// <https://docs.jelastic.com/api/#!/api/marketplace.Installation-method-ExecuteAction> (confirmed).
/// Not idempotent: each call makes another backup. Answers when the backup is made, after minutes for a large site.
pub(crate) fn create_backup(installation: &PlatformUniqueName, action: &str) -> Call {
    Call::new(Endpoint::ExecuteAction, form(installation, action))
}

/// Has the add-on bring back what a backup holds. `parameter` is the manifest's name for the backup.
///
/// Documentation:
/// <https://docs.jelastic.com/api/#!/api/marketplace.Installation-method-ExecuteAction> (confirmed).
/// Not idempotent: what was changed between two calls is lost. Answers when everything is brought back, after minutes
/// for a large site.
pub(crate) fn restore_backup(
    installation: &PlatformUniqueName,
    action: &str,
    parameter: &str,
    snapshot: &SnapshotName,
) -> Call {
    let parameters = BTreeMap::from([(parameter, snapshot.as_str())]);
    let form = form(installation, action).with_json("params", &parameters);
    Call::new(Endpoint::ExecuteAction, form)
}

fn form(installation: &PlatformUniqueName, action: &str) -> Form {
    Form::default()
        .with("appUniqueName", installation.0.as_str())
        .with("action", action)
}
