//! development/scripting: stored scripts of the world, and platform methods by their names.
//!
//! It must not run code: a stored script is an answer.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::{Map, Value, json};

use super::{Call, Endpoint, Handler, find_by_name};
use crate::access;
use crate::answer::{Outcome, Refusal, envelope_of, into_map};
use crate::ledger::Effect;
use crate::operation;
use crate::parameters::Parameters;
use crate::state::ActionKind;
use crate::world::StoredScript;

const SCRIPT_NOT_FOUND: i64 = 1702;
const SERVICE: &str = "development/scripting";

pub(super) const ENDPOINTS: &[Endpoint] = &[Endpoint::mutating(
    SERVICE,
    "eval",
    "development.scripting.Eval",
    |call| evaluate(call).boxed(),
)];

async fn evaluate(call: Call) -> Outcome {
    call.parameters.required("appid")?;
    let script = call.parameters.required("script")?;
    let params = call.parameters.json("params")?.unwrap_or_default();
    let stored = call.platform.world.scripts.iter();
    if let Some(stored) = stored.clone().find(|stored| stored.name == script) {
        return run_stored(&call, stored);
    }
    let method = find_by_name(script).filter(|endpoint| endpoint.service != SERVICE);
    let Some(method) = method else {
        return Err(outer(
            SCRIPT_NOT_FOUND,
            &format!("script = {script} not found"),
        ));
    };
    let envelope = match run_method(&call, method, &params) {
        Ok(running) => envelope_of(running.await),
        Err(refusal) => envelope_of(Err(refusal)),
    };
    Ok(Map::from_iter([(
        "response".to_owned(),
        Value::Object(envelope),
    )]))
}

/// The script did not run: the platform says so with an empty response.
fn outer(code: i64, text: &str) -> Refusal {
    Refusal::from_core(code, text).with("response", Value::Null)
}

fn run_stored(call: &Call, stored: &StoredScript) -> Outcome {
    let appid = call.parameters.required("appid")?;
    let environment = {
        let state = call.platform.state();
        let mut environments = state.environments.values();
        let owner = environments.find(|one| one.appid == appid && one.uid == call.uid);
        owner.map(|environment| environment.name.clone())
    };
    let environment = environment.as_deref();
    let started_at_ms = operation::note(call, ActionKind::SCRIPT, environment, stored.outer_result);
    if stored.outer_result != 0 {
        return Err(outer(stored.outer_result, "script execution error"));
    }
    let name = Some(stored.name.as_str());
    call.enter(Effect::ScriptRun, environment, name, started_at_ms);
    let mut response = Map::from_iter([("result".to_owned(), json!(0))]);
    response.extend(into_map(stored.response.clone()));
    Ok(Map::from_iter([(
        "response".to_owned(),
        Value::Object(response),
    )]))
}

/// The credential must permit the method too. Members of `params` and form fields are its parameters.
fn run_method(
    call: &Call,
    method: &'static Endpoint,
    params: &Value,
) -> Result<BoxFuture<'static, Outcome>, Refusal> {
    let parameters = merged(&call.parameters, params);
    let uid = access::authorise(&call.platform, &parameters, method.documented_name)?;
    let inner = Call {
        platform: Arc::clone(&call.platform),
        number: call.number,
        parameters,
        uid,
        twists: call.twists,
    };
    Ok(match method.handler {
        Handler::Instant(handler) => std::future::ready(handler(&inner)).boxed(),
        Handler::Slow(handler) => handler(inner),
    })
}

fn merged(sent: &Parameters, params: &Value) -> Parameters {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(sent.as_sent());
    for (name, value) in params.as_object().into_iter().flatten() {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        // The session is that of the call, whatever the parameters say.
        if !name.eq_ignore_ascii_case("session") {
            form.append_pair(name, &text);
        }
    }
    Parameters::merge("", form.finish().as_bytes())
}
