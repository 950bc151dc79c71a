//! marketplace/jps: installing a manifest, and the engine's version.
//!
//! It must not fetch anything: a URL is looked up in the world file.

use futures::FutureExt;
use serde_json::{Map, Value, json};

use super::installation::uninstall;
use super::installing::{Target, install};
use super::{Call, Endpoint, creation};
use crate::answer::{Outcome, Refusal, into_map};
use crate::manifest::{Manifest, ManifestType, Placeholders};
use crate::state::{Environment, Installation, InstallationKind};
use crate::topology::{EnvironmentPlan, elements_from_json};

const SERVICE: &str = "marketplace/jps";

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::mutating(SERVICE, "install", "marketplace.jps.Install", |call| {
        install_manifest(call).boxed()
    }),
    Endpoint::mutating(SERVICE, "uninstall", "marketplace.jps.Uninstall", |call| {
        uninstall(call).boxed()
    }),
    Endpoint::reading(
        SERVICE,
        "getengineversion",
        "marketplace.jps.GetEngineVersion",
        |call| Ok(get_engine_version(call)),
    ),
];

fn get_engine_version(call: &Call) -> Map<String, Value> {
    into_map(json!({"version": call.platform.world.engine_version}))
}

async fn install_manifest(call: Call) -> Outcome {
    let manifest = find_manifest(&call)?;
    let sent_settings = call.parameters.json("settings")?;
    let settings = manifest.settings(sent_settings.as_ref());
    let environment_name = prepare_environment(&call, &manifest).await?;
    let installation = Installation {
        unique_name: call.platform.state().generator.hex(32),
        app_id: manifest.app_id.clone(),
        name: manifest.name.clone(),
        kind: InstallationKind::Package,
        uid: call.uid,
        environment: environment_name.clone(),
        node_group: call.parameters.text("nodeGroup").map(str::to_owned),
    };
    let target = environment_name.map_or(Target::Account, Target::Environment);
    let installed = install(&call, installation, target).await?;

    let environment = installed.environment;
    let placeholders = placeholders(&call, environment.as_ref(), &settings);
    let mut answer = Map::from_iter([
        ("uniqueName".to_owned(), json!(installed.unique_name)),
        ("response".to_owned(), json!({"result": 0})),
    ]);
    let texts = [
        (
            "appid",
            environment
                .as_ref()
                .map(|environment| environment.appid.clone()),
        ),
        ("successText", manifest.success_html(&placeholders)),
        ("startPage", manifest.start_page(&placeholders)),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            answer.insert(name.to_owned(), json!(text));
        }
    }
    Ok(answer)
}

/// The `jps` parameter: a URL of the world, an id of its marketplace, or the text itself.
fn find_manifest(call: &Call) -> Result<Manifest, Refusal> {
    let jps = call.parameters.required("jps")?;
    let world = &call.platform.world;
    let code = call.platform.invented(world.invented.manifest_invalid);
    let listed = world.marketplace.iter().find(|app| app.id == jps);
    let url = listed
        .and_then(|app| app.manifest.as_deref())
        .unwrap_or(jps);
    let text = match world.manifest_text(url) {
        Some(text) => text,
        None if url.starts_with("http://") || url.starts_with("https://") => {
            return Err(Refusal::from_core(
                code,
                format!("manifest [{url}] cannot be read"),
            ));
        }
        None => jps,
    };
    Manifest::parse(text).map_err(|error| Refusal::from_core(code, error.to_string()))
}

/// The environment to install on: created for manifests that bring nodes, named for the others.
async fn prepare_environment(call: &Call, manifest: &Manifest) -> Result<Option<String>, Refusal> {
    if manifest.manifest_type == ManifestType::Update {
        return call.required_environment_name().map(Some);
    }
    let Some(nodes) = &manifest.nodes else {
        return Ok(call.parameters.text("envName").map(str::to_lowercase));
    };
    let code = call
        .platform
        .invented(call.platform.world.invented.manifest_invalid);
    let elements = elements_from_json(nodes)
        .ok_or_else(|| Refusal::from_core(code, "manifest has nodes without a type"))?;
    let plan = EnvironmentPlan {
        name: call
            .parameters
            .text("envName")
            .unwrap_or_default()
            .to_lowercase(),
        display_name: call.parameters.text("displayName").map(str::to_owned),
        region: call.parameters.text("region").map(str::to_owned),
        groups: call.parameters.names("envGroups"),
        elements,
        ..EnvironmentPlan::default()
    };
    let (environment, _) = creation::create(call, plan).await?;
    Ok(Some(environment.name))
}

fn placeholders(
    call: &Call,
    environment: Option<&Environment>,
    settings: &Map<String, Value>,
) -> Placeholders {
    let mut placeholders = Placeholders::default().with_settings(settings);
    if let Some(account) = call.platform.world.account(call.uid) {
        placeholders = placeholders.with_account(account);
    }
    if let Some(environment) = environment {
        placeholders = placeholders.with_environment(environment);
    }
    placeholders
}
