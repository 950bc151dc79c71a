//! marketplace/app: which add-ons there are for a layer, and installing one.
//!
//! It must not know manifests: an add-on here is an id, a name and the layers it fits.

use futures::FutureExt;
use serde_json::{Value, json};

use super::installing::{Target, Work, install};
use super::{Call, Endpoint};
use crate::answer::{Outcome, Refusal, into_map};
use crate::state::{Installation, InstallationKind};
use crate::world::{MarketplaceApp, MarketplaceKind};

const SERVICE: &str = "marketplace/app";
const NODE_NOT_FOUND: i64 = 11_022;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::reading(
        SERVICE,
        "getaddonlist",
        "marketplace.app.GetAddonList",
        get_addon_list,
    ),
    Endpoint::mutating(
        SERVICE,
        "installaddon",
        "marketplace.app.InstallAddon",
        |call| install_addon(call).boxed(),
    ),
];

/// Every installation of an add-on is an element of its own; one without is listed once.
fn get_addon_list(call: &Call) -> Outcome {
    let environment = call.parameters.text("envName").map(str::to_lowercase);
    let node_group = call.parameters.text("nodeGroup");
    let state = call.platform.state();
    if let Some(name) = &environment {
        let owned = state.owned_environment(call.uid, name);
        owned.ok_or_else(|| Refusal::environment_unknown(name))?;
    }
    let mut apps: Vec<Value> = Vec::new();
    let addons = call
        .platform
        .world
        .marketplace
        .iter()
        .filter(|app| app.kind == MarketplaceKind::Addon);
    for addon in addons.filter(|addon| fits(addon, node_group)) {
        let is_here = |installed: &&Installation| {
            installed.uid == call.uid
                && installed.app_id == addon.id
                && state.is_shown(&installed.unique_name, call.platform.clock.now_ms())
                && environment.is_some()
                && installed.environment == environment
                && (node_group.is_none() || installed.node_group.as_deref() == node_group)
        };
        let mut installed = state.installations.iter().filter(is_here).peekable();
        if installed.peek().is_none() {
            apps.push(json!({"app_id": addon.id, "name": addon.name, "isInstalled": false}));
        }
        for installation in installed {
            apps.push(
                json!({"app_id": addon.id, "name": addon.name, "isInstalled": true,
                "uniqueName": installation.unique_name}),
            );
        }
    }
    Ok(into_map(json!({"total": apps.len(), "apps": apps})))
}

async fn install_addon(call: Call) -> Outcome {
    let id = call.parameters.required("id")?.to_owned();
    call.parameters.json("settings")?;
    let name = call.required_environment_name()?;
    let addons = &call.platform.world.marketplace;
    let Some(addon) = addons
        .iter()
        .find(|app| app.id == id && app.kind == MarketplaceKind::Addon)
    else {
        let code = call
            .platform
            .invented(call.platform.world.invented.addon_unknown);
        return Err(Refusal::new(code, format!("application [{id}] not found")).nested());
    };
    let node_group = choose_node_group(&call, addon, &name)?;
    let installation = Installation {
        unique_name: call.platform.state().generator.hex(32),
        app_id: id,
        name: addon.name.clone(),
        kind: InstallationKind::Addon,
        uid: call.uid,
        environment: Some(name.clone()),
        node_group: Some(node_group),
    };
    let unique_name = installation.unique_name.clone();
    let target = Target::Environment(name);
    let installed = install(&call, installation, target, Work::plain()).await?;
    let environment = installed.and_then(|installed| installed.environment);
    let appid = environment.map(|environment| environment.appid);
    Ok(into_map(json!({
        "uniqueName": unique_name,
        "appid": appid.unwrap_or_default(),
        "successText": format!("<strong>{}</strong> is installed.<br />\n", addon.name),
        "response": {"result": 0},
    })))
}

/// The layer that was named, or the first one that the add-on fits.
fn choose_node_group(call: &Call, addon: &MarketplaceApp, name: &str) -> Result<String, Refusal> {
    let state = call.platform.state();
    let environment = state
        .owned_environment(call.uid, name)
        .ok_or_else(|| Refusal::environment_unknown(name))?;
    let chosen = match call.parameters.text("nodeGroup") {
        Some(named) => Some(named).filter(|named| environment.has_node_group(named)),
        None => environment
            .node_groups
            .iter()
            .map(|group| group.name.as_str())
            .find(|group| fits(addon, Some(group))),
    };
    let fitting = chosen.filter(|group| fits(addon, Some(group)));
    fitting.map(str::to_owned).ok_or_else(|| {
        Refusal::new(NODE_NOT_FOUND, "node not found by the given parameters").nested()
    })
}

fn fits(addon: &MarketplaceApp, node_group: Option<&str>) -> bool {
    let Some(node_group) = node_group else {
        return true;
    };
    addon.node_groups.is_empty()
        || addon
            .node_groups
            .iter()
            .any(|fitting| fitting == node_group)
}
