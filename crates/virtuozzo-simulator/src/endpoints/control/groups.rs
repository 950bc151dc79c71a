//! attachenvgroup, detachenvgroup and setenvgroup: the folders an environment is in.
//!
//! It must not keep groups of its own: a group is there while an environment is in it.

use futures::FutureExt;
use serde_json::Map;

use super::{SERVICE, rules};
use crate::answer::{Outcome, Refusal};
use crate::endpoints::{Call, Endpoint};
use crate::ledger::Effect;
use crate::operation;

pub(in crate::endpoints) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::mutating(
        SERVICE,
        "attachenvgroup",
        "environment.control.AttachEnvGroup",
        |call| change(call, Effect::GroupAttached).boxed(),
    ),
    Endpoint::mutating(
        SERVICE,
        "detachenvgroup",
        "environment.control.DetachEnvGroup",
        |call| change(call, Effect::GroupDetached).boxed(),
    ),
    Endpoint::mutating(
        SERVICE,
        "setenvgroup",
        "environment.control.SetEnvGroup",
        |call| change(call, Effect::GroupsSet).boxed(),
    ),
];

async fn change(call: Call, effect: Effect) -> Outcome {
    let name = call.required_environment_name()?;
    let named = call.parameters.names("envGroup");
    let Some(first) = named.first() else {
        return Err(Refusal::invalid_parameter("envGroup"));
    };
    let request = rules::GROUPS.request(&name, call.platform.world.timings.settings_ms);
    operation::change(&call, &request, effect, Some(first), |environment| {
        let groups = &mut environment.groups;
        match effect {
            Effect::GroupsSet => groups.clone_from(&named),
            Effect::GroupDetached => groups.retain(|group| !named.contains(group)),
            _ => {
                groups.retain(|group| !named.contains(group));
                groups.extend(named.iter().cloned());
            }
        }
    })
    .await?;
    Ok(Map::new())
}
