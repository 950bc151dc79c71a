//! changetopology and setcloudletscountbyid: how many nodes of which size.
//!
//! It must not know quotas; `limits` does.

use futures::FutureExt;
use serde_json::Map;

use super::{SERVICE, rules, topology_change};
use crate::answer::Outcome;
use crate::endpoints::node_selection::NodeSelection;
use crate::endpoints::{Call, Endpoint, limits};
use crate::ledger::Effect;
use crate::operation;

pub(in crate::endpoints) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::mutating(
        SERVICE,
        "changetopology",
        "environment.control.ChangeTopology",
        |call| topology_change::change_topology(call).boxed(),
    ),
    Endpoint::mutating(
        SERVICE,
        "setcloudletscountbyid",
        "environment.control.SetCloudletsCountById",
        |call| set_cloudlets(call).boxed(),
    ),
];

async fn set_cloudlets(call: Call) -> Outcome {
    let name = call.required_environment_name()?;
    let selection = NodeSelection::required_node(&call)?;
    call.required_number("count")?;
    let fixed = call.required_number("fixedCloudlets")?;
    // The ceiling includes the reserved ones.
    let flexible = call.required_number("flexibleCloudlets")?.max(fixed);
    selection.find(&call, &name)?;
    limits::check_cloudlets(&call, flexible)?;
    let request = rules::CLOUDLETS.request(&name, call.platform.world.timings.cloudlets_ms);
    let detail = format!("{} {fixed} {flexible}", selection.name());
    operation::change(
        &call,
        &request,
        Effect::CloudletsSet,
        Some(&detail),
        |environment| {
            for node in selection.nodes_of(environment) {
                node.fixed_cloudlets = fixed;
                node.flexible_cloudlets = flexible;
            }
        },
    )
    .await?;
    Ok(Map::new())
}
