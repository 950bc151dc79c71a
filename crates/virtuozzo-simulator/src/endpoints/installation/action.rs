//! executeaction: an action that the marketplace entry of an installation declares.
//!
//! It must not know manifests: what an action does stands in the world file.

use serde_json::{Value, json};

use super::owned_installation;
use crate::answer::{Outcome, Refusal, into_map};
use crate::endpoints::Call;
use crate::ledger::Effect;
use crate::operation::{self, Rule};
use crate::state::EnvironmentStatus::Running;
use crate::state::{ActionKind, Environment, Installation};
use crate::world::MarketplaceAction;

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
    run(&call, &installation, name, &params, action)
        .await
        .map_err(Refusal::nested)?;
    let mut response = json!({"result": action.result});
    let text = if action.result == 0 {
        "message"
    } else {
        "error"
    };
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
) -> Result<(), Refusal> {
    let action_ms = call.platform.world.timings.action_ms;
    let detail = detail(call, name, params);
    let enter = |environment: Option<&str>, started_at_ms: u64| {
        if action.result == 0 {
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
        enter(None, operation::note(call, kind, None, action.result));
        return Ok(());
    };
    let operation = operation::begin(call, &EXECUTE.request(name, action_ms))?;
    operation::finish(call, &operation, action.result, |state| {
        let environment = state.environments.get_mut(name);
        if let (Some(environment), 0) = (environment, action.result) {
            set_variables(environment, installation, action);
        }
        enter(Some(name), operation.started_at_ms);
    })
    .await;
    Ok(())
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
    let layer = installation.node_group.as_deref();
    let nodes = environment.nodes.iter_mut();
    for node in nodes.filter(|node| layer.is_none_or(|layer| layer == node.node_group)) {
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
