//! Resetting the passwords of nodes and containers.
//!
//! It must not show them: a platform sends them by mail.

use futures::FutureExt;
use serde_json::Map;

use super::{SERVICE, rules};
use crate::answer::{Outcome, Refusal};
use crate::endpoints::node_selection::NodeSelection;
use crate::endpoints::{Call, Endpoint};
use crate::ledger::Effect;
use crate::operation;
use crate::topology::PASSWORD_LENGTH;

pub(in crate::endpoints) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::mutating(
        SERVICE,
        "resetnodepassword",
        "environment.control.ResetNodePassword",
        |call| reset(call, NodeSelection::required).boxed(),
    ),
    Endpoint::mutating(
        SERVICE,
        "resetnodepasswordbyid",
        "environment.control.ResetNodePasswordById",
        |call| reset(call, NodeSelection::required_node).boxed(),
    ),
    Endpoint::mutating(
        SERVICE,
        "resetcontainerpasswordbyid",
        "environment.control.ResetContainerPasswordById",
        |call| reset(call, NodeSelection::required_node).boxed(),
    ),
];

/// Without `password` the platform makes one up.
async fn reset(call: Call, read: fn(&Call) -> Result<NodeSelection, Refusal>) -> Outcome {
    let name = call.required_environment_name()?;
    let selection = read(&call)?;
    selection.find(&call, &name)?;
    let password = match call.parameters.text("password") {
        Some(password) => password.to_owned(),
        None => call.platform.state().generator.password(PASSWORD_LENGTH),
    };
    let request = rules::PASSWORD.request(&name, call.platform.world.timings.settings_ms);
    let detail = selection.name();
    operation::change(
        &call,
        &request,
        Effect::PasswordReset,
        Some(&detail),
        |environment| {
            for node in selection.nodes_of(environment) {
                node.password.clone_from(&password);
            }
        },
    )
    .await?;
    Ok(Map::new())
}
