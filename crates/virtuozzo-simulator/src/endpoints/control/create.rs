//! createenvironment: two envelopes, a long call, a name that may be taken.
//!
//! It must not build anything itself; `creation` does, for packages too.

use serde_json::{Map, Value, json};

use crate::answer::{Outcome, Refusal};
use crate::endpoints::{Call, creation};
use crate::environment_view::{environment_info, tell_passwords};
use crate::topology::{EnvironmentPlan, elements_from_json};

pub(super) async fn create_environment(call: Call) -> Outcome {
    let plan = plan(&call)?;
    let (environment, _) = creation::create(&call, plan)
        .await
        .map_err(Refusal::nested)?;
    let mut response = Map::from_iter([
        ("result".to_owned(), json!(0)),
        ("name".to_owned(), json!(environment.name)),
    ]);
    response.extend(environment_info(&environment, false));
    tell_passwords(&mut response, &environment.nodes);
    Ok(Map::from_iter([(
        "response".to_owned(),
        Value::Object(response),
    )]))
}

fn plan(call: &Call) -> Result<EnvironmentPlan, Refusal> {
    let env = call.parameters.required_json("env")?;
    let nodes = call.parameters.required_json("nodes")?;
    let elements = elements_from_json(&nodes).ok_or_else(|| Refusal::invalid_parameter("nodes"))?;
    if !env.is_object() {
        return Err(Refusal::invalid_parameter("env"));
    }
    let mut plan = EnvironmentPlan::from_json(&env, elements);
    plan.groups = call.parameters.names("envGroups");
    Ok(plan)
}
