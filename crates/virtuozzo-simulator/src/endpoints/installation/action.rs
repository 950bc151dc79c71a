//! executeaction: an action that the marketplace entry of an installation declares.
//!
//! It must not know manifests: what an action does stands in the world file.

use serde_json::{Value, json};

use super::owned_installation;
use crate::answer::{Outcome, Refusal, into_map};
use crate::endpoints::Call;
use crate::ledger::Effect;
use crate::operation::{self, Rule};
use crate::sandbox::CommandLimits;
use crate::state::EnvironmentStatus::Running;
use crate::state::{ActionKind, Environment, Installation, Node};
use crate::world::MarketplaceAction;
use std::time::Duration;

/// What an action answers whose line failed.
const ACTION_FAILED: i64 = 99;

/// Which statuses the method accepts, and what it shows meanwhile.
const EXECUTE: Rule = Rule::new(ActionKind::EXECUTE_ACTION, &[Running], None);

pub(super) async fn execute(call: Call) -> Outcome {
    let installation = owned_installation(&call).map_err(Refusal::nested)?;
    let name = call.parameters.required("action")?;
    let params = call.parameters.json("params")?.unwrap_or_else(|| json!({}));
    let Some(action) = declared(&call, &installation.app_id, name) else {
        let platform = &call.platform;
        let code = platform.invented(platform.world.invented.action_unknown);
        let text = format!("action [{name}] not found");
        return Err(Refusal::new(code, text).nested());
    };
    let result = run(&call, &installation, name, &params, action)
        .await
        .map_err(Refusal::nested)?;
    let mut response = json!({"result": result});
    let text = if result == 0 { "message" } else { "error" };
    if let Some(message) = &action.message {
        response[text] = json!(message);
    }
    Ok(into_map(json!({
        "uniqueName": installation.unique_name,
        "action": name,
        "response": response,
    })))
}

/// An action that fails takes its time and changes nothing.
async fn run(
    call: &Call,
    installation: &Installation,
    name: &str,
    params: &Value,
    action: &MarketplaceAction,
) -> Result<i64, Refusal> {
    let action_ms = call.platform.world.timings.action_ms;
    let detail = detail(call, name, params);
    let enter = |result: i64, environment: Option<&str>, started_at_ms: u64| {
        if result == 0 {
            call.enter(
                Effect::ActionExecuted,
                environment,
                Some(&detail),
                started_at_ms,
            );
        }
    };
    let Some(name) = &installation.environment else {
        let ends_at_ms = call.platform.end_of_work_ms(action_ms);
        call.platform.clock.sleep_until(ends_at_ms).await;
        let kind = ActionKind::EXECUTE_ACTION;
        let result = action.result;
        let started_at_ms = operation::note(call, kind, None, result);
        enter(result, None, started_at_ms);
        return Ok(result);
    };
    let operation = operation::begin(call, &EXECUTE.request(name, action_ms))?;
    let result = match &action.runs {
        Some(line) if action.result == 0 => {
            run_line(call, name, installation, &with_variables(line, params)).await
        }
        _ => action.result,
    };
    operation::finish(call, &operation, result, |state| {
        let environment = state.environments.get_mut(name);
        if let (Some(environment), 0) = (environment, result) {
            set_variables(environment, installation, action);
        }
        enter(result, Some(name), operation.started_at_ms);
    })
    .await;
    Ok(result)
}

/// The line, which knows the parameters as variables.
fn with_variables(line: &str, params: &Value) -> String {
    let is_name = |name: &str| {
        name.bytes()
            .all(|it| it.is_ascii_alphanumeric() || it == b'_')
    };
    let params = params.as_object().into_iter().flatten();
    let assignments = params.filter_map(|(name, value)| {
        let value = value.as_str()?.replace('\'', r"'\''");
        is_name(name).then(|| format!("{name}='{value}'; "))
    });
    assignments.chain([line.to_owned()]).collect()
}

/// Runs the line on the nodes of the installation's layer, until it fails on one.
async fn run_line(call: &Call, environment: &str, installation: &Installation, line: &str) -> i64 {
    let nodes: Vec<u64> = {
        let state = call.platform.state();
        let environment = state.environments.get(environment);
        let nodes = environment.into_iter().flat_map(|it| &it.nodes);
        let nodes = nodes.filter(|node| is_of_layer(installation, node));
        nodes.map(|node| node.id).collect()
    };
    let settings = &call.platform.world.commands;
    let limits = CommandLimits {
        time: Duration::from_millis(settings.time_limit_ms),
        output_max_bytes: settings.output_max_bytes,
    };
    for node in nodes {
        let ran = call.platform.sandbox.run(node, line, false, limits).await;
        if !ran.is_ok_and(|ran| ran.exit_status == Some(0)) {
            return ACTION_FAILED;
        }
    }
    0
}

fn is_of_layer(installation: &Installation, node: &Node) -> bool {
    let layer = installation.node_group.as_deref();
    layer.is_none_or(|layer| layer == node.node_group)
}

fn declared<'a>(call: &'a Call, app_id: &str, name: &str) -> Option<&'a MarketplaceAction> {
    let mut apps = call.platform.world.marketplace.iter();
    apps.find(|app| app.id == app_id)?.actions.get(name)
}

fn set_variables(
    environment: &mut Environment,
    installation: &Installation,
    action: &MarketplaceAction,
) {
    let nodes = environment.nodes.iter_mut();
    for node in nodes.filter(|node| is_of_layer(installation, node)) {
        node.variables.extend(action.sets.clone());
    }
}

/// Name and parameters, secrets masked as the journal does.
fn detail(call: &Call, name: &str, params: &Value) -> String {
    let text = params.to_string();
    let masked = call
        .platform
        .masking
        .mask([("params", text.as_str())].into_iter());
    let params = masked.get("params").map_or("{}", String::as_str);
    let params: Value = serde_json::from_str(params).unwrap_or_default();
    json!({"action": name, "params": params}).to_string()
}
