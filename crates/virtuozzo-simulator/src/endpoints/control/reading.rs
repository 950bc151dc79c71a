//! getenvinfo, getenvs and getregions: reading without side effects.
//!
//! It must not show environments of other accounts.

use serde_json::{Map, Value, json};

use crate::answer::{Outcome, Refusal, into_map};
use crate::endpoints::Call;
use crate::environment_view::environment_info;

pub(super) fn get_environment_info(call: &Call) -> Outcome {
    let name = call.required_environment_name()?;
    let state = call.platform.state();
    let environment = state
        .owned_environment(call.uid, &name)
        .filter(|environment| state.is_shown(&environment.appid, call.platform.clock.now_ms()))
        .ok_or_else(|| Refusal::environment_unknown(&name))?;
    Ok(environment_info(environment, call.parameters.flag("lazy")))
}

pub(super) fn get_environments(call: &Call) -> Map<String, Value> {
    let is_lazy = call.parameters.flag("lazy");
    let state = call.platform.state();
    let owned = state
        .environments
        .values()
        .filter(|environment| environment.uid == call.uid)
        .filter(|environment| state.is_shown(&environment.appid, call.platform.clock.now_ms()));
    let infos: Vec<Value> = owned
        .map(|environment| {
            let mut info = Map::from_iter([("result".to_owned(), json!(0))]);
            info.extend(environment_info(environment, is_lazy));
            Value::Object(info)
        })
        .collect();
    into_map(json!({"infos": infos}))
}

pub(super) fn get_regions(call: &Call) -> Map<String, Value> {
    let regions = call.platform.world.regions.iter();
    let array: Vec<Value> = regions
        .map(|region| {
            let groups: Vec<Value> = region
                .hard_node_groups
                .iter()
                .map(|group| {
                    json!({"uniqueName": group.unique_name, "displayName": group.display_name,
                        "isEnabled": group.is_enabled})
                })
                .collect();
            json!({"uniqueName": region.unique_name, "displayName": region.display_name,
                "domain": region.domain, "hardNodeGroups": groups})
        })
        .collect();
    into_map(json!({"array": array}))
}
