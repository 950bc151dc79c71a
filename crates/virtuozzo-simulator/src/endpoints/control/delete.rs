//! deleteenv: irreversible, and by quota only with a confirmation.
//!
//! It must not decide which confirmation is asked for; the account's quota does.

use serde_json::{Map, Value};

use super::rules;
use crate::answer::{Outcome, Refusal};
use crate::endpoints::Call;
use crate::ledger::Effect;
use crate::operation;
use crate::state::State;

const INVALID_PASSWORD: i64 = 801;
const CONFIRMATION_QUOTA: &str = "environment.delete.confirm.type";

pub(super) async fn delete_environment(call: Call) -> Outcome {
    let name = call.required_environment_name()?;
    if call
        .platform
        .state()
        .owned_environment(call.uid, &name)
        .is_none()
    {
        return Err(Refusal::environment_unknown(&name));
    }
    check_confirmation(&call, &name)?;
    let request = rules::DELETE.request(&name, call.platform.world.timings.delete_ms);
    let operation = operation::begin(&call, &request)?;
    let remove = |state: &mut State| {
        let removed = state.environments.remove(&name);
        state
            .installations
            .retain(|installed| installed.environment.as_ref() != Some(&name));
        let appid = removed.map(|environment| environment.appid);
        call.enter(
            Effect::EnvironmentDeleted,
            Some(&name),
            appid.as_deref(),
            operation.started_at_ms,
        );
    };
    operation::finish(&call, &operation, 0, remove).await;
    Ok(Map::new())
}

fn check_confirmation(call: &Call, name: &str) -> Result<(), Refusal> {
    let Some(account) = call.platform.world.account(call.uid) else {
        return Ok(());
    };
    let invented = &call.platform.world.invented;
    let wanted = match account
        .quotas
        .get(CONFIRMATION_QUOTA)
        .and_then(Value::as_str)
    {
        Some(kind) if kind == invented.delete_confirmation_by_password => account.password.reveal(),
        Some(kind) if kind == invented.delete_confirmation_by_name => name,
        _ => return Ok(()),
    };
    if call.parameters.text("password") == Some(wanted) {
        return Ok(());
    }
    Err(Refusal::from_core(INVALID_PASSWORD, "invalid password"))
}
