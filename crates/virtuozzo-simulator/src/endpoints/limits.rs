//! What the quotas of the caller allow, and the codes when it asks for more.
//!
//! It must not report quotas; `quotas` does.

use serde_json::Value;

use super::Call;
use crate::answer::Refusal;
use crate::state::{Node, State};

const CONFIGURATION_EXCEEDS_LIMITS: i64 = 2338;
const ENVIRONMENT_COUNT: (&str, i64) = ("environment.maxcount", 2360);
const CLOUDLETS_PER_NODE: (&str, i64) = ("environment.maxcloudletsperrec", 2361);
const NODES_PER_ENVIRONMENT: (&str, i64) = ("environment.maxnodescount", 2365);
const NODES_PER_LAYER: (&str, i64) = ("environment.maxsamenodescount", 2366);

/// Whether the caller may have one environment more.
pub(super) fn check_environment_count(call: &Call, state: &State) -> Result<(), Refusal> {
    let environments = state.environments.values();
    let owned = environments.filter(|environment| environment.uid == call.uid);
    require(call, ENVIRONMENT_COUNT, owned.count() as u64 + 1)
}

/// Whether an environment may consist of these nodes.
pub(super) fn check_nodes(call: &Call, nodes: &[Node]) -> Result<(), Refusal> {
    require(call, NODES_PER_ENVIRONMENT, nodes.len() as u64)?;
    for node in nodes {
        let layer = nodes
            .iter()
            .filter(|other| other.node_group == node.node_group);
        require(call, NODES_PER_LAYER, layer.count() as u64)?;
        check_cloudlets(call, node.flexible_cloudlets)?;
    }
    Ok(())
}

/// Whether a node may grow to so many cloudlets.
pub(super) fn check_cloudlets(call: &Call, flexible_cloudlets: u64) -> Result<(), Refusal> {
    require(call, CLOUDLETS_PER_NODE, flexible_cloudlets)
}

fn require(call: &Call, (name, code): (&str, i64), wanted: u64) -> Result<(), Refusal> {
    let world = &call.platform.world;
    let account = world.account(call.uid);
    let limit = account.and_then(|account| number(account.quotas.get(name)?));
    if limit.is_none_or(|limit| wanted <= limit) {
        return Ok(());
    }
    let code = if world.is_quota_code_general {
        CONFIGURATION_EXCEEDS_LIMITS
    } else {
        code
    };
    Err(Refusal::new(code, format!("quota [{name}] is exceeded")))
}

/// A quota that is no number limits nothing.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}
