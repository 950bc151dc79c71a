//! `marketplace/installation`: actions of the mbadmin package. Which there are and what they are called is
//! configuration; no source outside of the package says.

use super::Call;
use crate::endpoint::Endpoint;
use crate::form::Form;
use domain::software::PlatformUniqueName;
use std::collections::BTreeMap;

/// Runs an action of an installation, in the words of its manifest.
///
/// Documentation:
/// <https://docs.jelastic.com/api/#!/api/marketplace.Installation-method-ExecuteAction> (confirmed).
/// Not idempotent as far as anybody knows. Answers when the action has run, after seconds to minutes, in
/// two envelopes or three; a code other than 0 may be a message of the manifest.
pub(crate) fn execute_action(installation: &PlatformUniqueName, action: &str) -> Call {
    Call::new(Endpoint::ExecuteAction, form(installation, action))
}

/// The same with parameters, by the names that the manifest has for them.
///
/// Documentation:
/// <https://docs.jelastic.com/api/#!/api/marketplace.Installation-method-ExecuteAction> (confirmed).
/// Not idempotent as far as anybody knows. Answers like [`execute_action`].
pub(crate) fn execute_action_with_parameters(
    installation: &PlatformUniqueName,
    action: &str,
    parameters: &BTreeMap<&str, &str>,
) -> Call {
    let form = form(installation, action).with_json("params", parameters);
    Call::new(Endpoint::ExecuteAction, form)
}

fn form(installation: &PlatformUniqueName, action: &str) -> Form {
    Form::default()
        .with("appUniqueName", installation.0.as_str())
        .with("action", action)
}
