//! marketplace/jps: installing a manifest, what it is, and the engine's version.
//!
//! It must not fetch anything: a URL is looked up in the world file.

use futures::FutureExt;
use serde_json::{Map, Value, json};

use super::installation::uninstall;
use super::installing::{Installed, Target, Work, install};
use super::{Call, Endpoint, creation};
use crate::answer::{Outcome, Refusal, into_map};
use crate::manifest::{
    Ending, Manifest, ManifestError, ManifestType, Placeholders, ScriptError, ScriptRun,
};
use crate::state::{Environment, Installation, InstallationKind};
use crate::topology::{EnvironmentPlan, elements_from_json};

const SERVICE: &str = "marketplace/jps";
const NODE_NOT_FOUND: i64 = 11_022;
const SCRIPT_RETURNED_TEXT: i64 = 11_039;
const INITIALISATION_FAILED: i64 = 11_041;
const MIXIN_NOT_LOADED: i64 = 11_042;

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
    Endpoint::reading(
        SERVICE,
        "getappinfo",
        "marketplace.jps.GetAppInfo",
        get_app_info,
    ),
    Endpoint::reading(
        SERVICE,
        "getscriptingappid",
        "marketplace.jps.GetScriptingAppid",
        |call| Ok(get_scripting_appid(call)),
    ),
];

fn get_engine_version(call: &Call) -> Map<String, Value> {
    into_map(json!({"version": call.platform.world.engine_version}))
}

fn get_scripting_appid(call: &Call) -> Map<String, Value> {
    into_map(json!({"appid": call.platform.state().scripting_appid}))
}

/// The shape is invented: no source shows one.
fn get_app_info(call: &Call) -> Outcome {
    let manifest = find_manifest(call)?;
    call.platform.only_for_convenience()?;
    Ok(into_map(json!({
        "app_id": manifest.app_id,
        "name": manifest.name,
        "type": manifest.manifest_type.name(),
        "settings": manifest.settings(None),
    })))
}

async fn install_manifest(call: Call) -> Outcome {
    let manifest = find_manifest(&call)?;
    let sent_settings = call.parameters.json("settings")?;
    let mut placeholders = manifest.placeholders(of_account(&call), sent_settings.as_ref());
    prepare(&manifest, &mut placeholders)?;
    let environment_name = prepare_environment(&call, &manifest).await?;
    let environment = check_environment(&call, environment_name.as_deref())?;
    if let Some(environment) = &environment {
        let known = of_account(&call).with_environment(environment);
        placeholders = manifest.placeholders(known, sent_settings.as_ref());
    }
    let run = manifest
        .on_install
        .run(&mut placeholders, environment.as_ref())
        .map_err(|error| refused(&error))?;
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
    let work = Work {
        result: run.ending.as_ref().map_or(0, |ending| ending.result),
        is_installed: run.ending.as_ref().is_none_or(Ending::is_installed),
        commands: run.commands.clone(),
    };
    let installed = install(&call, installation, target, work).await?;
    Ok(answer(&manifest, &placeholders, run, installed))
}

fn answer(
    manifest: &Manifest,
    placeholders: &Placeholders,
    run: ScriptRun,
    installed: Option<Installed>,
) -> Map<String, Value> {
    let ending = run.ending;
    let returned = ending.as_ref().map(|ending| ending.returned.clone());
    let mut answer = into_map(json!({"response": returned.unwrap_or(json!({"result": 0}))}));
    let mut tell = |name: &str, text: Option<String>| {
        if let Some(text) = text {
            answer.insert(name.to_owned(), json!(text));
        }
    };
    if let Some(installed) = installed {
        let own_text = ending.as_ref().and_then(Ending::success_html);
        let text = own_text.unwrap_or_else(|| manifest.success_html(placeholders));
        tell("uniqueName", Some(installed.unique_name));
        tell("appid", installed.environment.map(|it| it.appid));
        tell("successText", Some(text));
        tell("startPage", manifest.start_page(placeholders));
    }
    if let Some(ending) = ending {
        if ending.result != 0 {
            let error = ending.message.clone();
            let unsaid = || format!("script ended with result [{}]", ending.result);
            tell("error", Some(error.unwrap_or_else(unsaid)));
        }
        tell("type", ending.message_type);
        tell("message", ending.message);
        answer.insert("result".to_owned(), json!(ending.result));
    }
    answer
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
    Manifest::parse(text, |url| world.manifest_text(url)).map_err(|error| {
        let code = match error {
            ManifestError::MixinMissing(_) => MIXIN_NOT_LOADED,
            _ => code,
        };
        Refusal::from_core(code, error.to_string())
    })
}

/// What the manifest does before anything else; it may refuse to be installed.
fn prepare(manifest: &Manifest, placeholders: &mut Placeholders) -> Result<(), Refusal> {
    let run = manifest.before_install.run(placeholders, None);
    let ending = match run {
        Ok(run) => run.ending,
        Err(error) => return Err(Refusal::from_core(INITIALISATION_FAILED, error.to_string())),
    };
    match ending {
        Some(ending) if !ending.is_installed() => {
            let text = ending.message.unwrap_or_default();
            let text = format!("manifest initialisation error: {text}");
            Err(Refusal::from_core(INITIALISATION_FAILED, text))
        }
        _ => Ok(()),
    }
}

fn refused(error: &ScriptError) -> Refusal {
    let code = match error {
        ScriptError::NodeNotFound(_) => NODE_NOT_FOUND,
        ScriptError::TooDeep => SCRIPT_RETURNED_TEXT,
    };
    Refusal::new(code, error.to_string())
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
    let parameter_or = |name: &str, own: &Option<String>| {
        let sent = call.parameters.text(name).map(str::to_owned);
        sent.or_else(|| own.clone())
    };
    let plan = EnvironmentPlan {
        name: call.required_environment_name()?,
        display_name: parameter_or("displayName", &manifest.display_name),
        region: parameter_or("region", &manifest.region),
        groups: call.parameters.names("envGroups"),
        has_ssl: manifest.has_ssl,
        has_high_availability: manifest.has_high_availability,
        elements,
    };
    let (environment, _) = creation::create(call, plan).await?;
    Ok(Some(environment.name))
}

/// A copy of the environment as it is now, which must have the layer that the call names.
fn check_environment(call: &Call, name: Option<&str>) -> Result<Option<Environment>, Refusal> {
    let Some(name) = name else {
        return Ok(None);
    };
    let state = call.platform.state();
    let environment = state
        .owned_environment(call.uid, name)
        .ok_or_else(|| Refusal::environment_unknown(name))?;
    let layer = call.parameters.text("nodeGroup");
    match layer.filter(|layer| !environment.has_node_group(layer)) {
        Some(layer) => Err(refused(&ScriptError::NodeNotFound(layer.to_owned()))),
        None => Ok(Some(environment.clone())),
    }
}

fn of_account(call: &Call) -> Placeholders {
    let mut placeholders = Placeholders::default();
    let world = &call.platform.world;
    placeholders.set(
        "platformUrl",
        &format!("https://app.{}/", world.platform_domain),
    );
    match world.account(call.uid) {
        Some(account) => placeholders.with_account(account),
        None => placeholders,
    }
}
