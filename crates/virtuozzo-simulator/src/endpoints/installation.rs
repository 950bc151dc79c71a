//! marketplace/installation: what is installed, and removing it.
//!
//! It must not know manifests, nor how things get installed.

use futures::FutureExt;
use serde_json::{Map, Value, json};

use super::{Call, Endpoint};
use crate::answer::{Outcome, Refusal, into_map};
use crate::ledger::Effect;
use crate::operation::{self, OperationRequest};
use crate::state::{ActionKind, EnvironmentStatus, Installation, InstallationKind, State};
use crate::topology::text;

mod action;

const SERVICE: &str = "marketplace/installation";

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::reading(
        SERVICE,
        "getlist",
        "marketplace.installation.GetList",
        get_list,
    ),
    Endpoint::mutating(
        SERVICE,
        "uninstall",
        "marketplace.installation.Uninstall",
        |call| uninstall(call).boxed(),
    ),
    Endpoint::mutating(
        SERVICE,
        "executeaction",
        "marketplace.installation.ExecuteAction",
        |call| action::execute(call).boxed(),
    ),
    Endpoint::reading(
        SERVICE,
        "getinfo",
        "marketplace.installation.GetInfo",
        get_info,
    ),
];

pub(super) async fn uninstall(call: Call) -> Outcome {
    let installation = owned_installation(&call).map_err(Refusal::nested)?;
    let unique_name = installation.unique_name.clone();
    let effect = match installation.kind {
        InstallationKind::Addon => Effect::AddonUninstalled,
        InstallationKind::Package => Effect::PackageUninstalled,
    };
    let remove = |state: &mut State, started_at_ms: u64| {
        state
            .installations
            .retain(|installed| installed.unique_name != unique_name);
        let environment = installation.environment.as_deref();
        call.enter(effect, environment, Some(&unique_name), started_at_ms);
    };
    let uninstall_ms = call.platform.world.timings.uninstall_ms;
    if let Some(name) = &installation.environment {
        let request = OperationRequest {
            environment: name,
            kind: ActionKind::UNINSTALL,
            allowed: &[EnvironmentStatus::Running],
            during: None,
            duration_ms: uninstall_ms,
        };
        let operation = operation::begin(&call, &request).map_err(Refusal::nested)?;
        let started_at_ms = operation.started_at_ms;
        operation::finish(&call, &operation, 0, |state| remove(state, started_at_ms)).await;
    } else {
        let started_at_ms = call.platform.clock.now_ms();
        call.platform
            .clock
            .sleep_until(call.platform.end_of_work_ms(uninstall_ms))
            .await;
        remove(&mut call.platform.state(), started_at_ms);
    }
    Ok(into_map(json!({"response": {"result": 0}})))
}

/// The installation that the call names, if it is the caller's.
fn owned_installation(call: &Call) -> Result<Installation, Refusal> {
    let unique_name = call.parameters.required("appUniqueName")?;
    let state = call.platform.state();
    let installed = state.installations.iter();
    let mut owned = installed.filter(|installed| installed.uid == call.uid);
    let found = owned.find(|installed| installed.unique_name == unique_name);
    found.cloned().ok_or_else(|| {
        let platform = &call.platform;
        let code = platform.invented(platform.world.invented.installation_unknown);
        Refusal::new(
            code,
            format!("application [{unique_name}] is not installed"),
        )
    })
}

/// The same members as in the list, at the top level.
fn get_info(call: &Call) -> Outcome {
    owned_installation(call).map(|installed| into_map(installed_member(&installed)))
}

/// The payload is wrapped in `response` (documented); the shape of its elements is inferred.
fn get_list(call: &Call) -> Outcome {
    let search = call.parameters.json("search")?;
    let wanted = search.as_ref().and_then(|search| text(search, "envName"));
    let state = call.platform.state();
    let apps: Vec<Value> = state
        .installations
        .iter()
        .filter(|installed| installed.uid == call.uid)
        .filter(|installed| state.is_shown(&installed.unique_name, call.platform.clock.now_ms()))
        .filter(|installed| wanted.is_none() || installed.environment == wanted)
        .map(installed_member)
        .collect();
    Ok(into_map(json!({"response": {"result": 0, "apps": apps}})))
}

fn installed_member(installed: &Installation) -> Value {
    let mut member = Map::from_iter([
        ("uniqueName".to_owned(), json!(installed.unique_name)),
        ("app_id".to_owned(), json!(installed.app_id)),
        ("name".to_owned(), json!(installed.name)),
        ("isInstalled".to_owned(), json!(true)),
    ]);
    for (name, value) in [
        ("envName", &installed.environment),
        ("nodeGroup", &installed.node_group),
    ] {
        if let Some(value) = value {
            member.insert(name.to_owned(), json!(value));
        }
    }
    Value::Object(member)
}
