//! setenvdisplayname: idempotent; empty resets.
//!
//! It must not touch the short domain.

use serde_json::Map;

use super::rules;
use crate::answer::Outcome;
use crate::endpoints::Call;
use crate::ledger::Effect;
use crate::operation;

pub(super) async fn set_display_name(call: Call) -> Outcome {
    let name = call.required_environment_name()?;
    let display_name = call.parameters.text("displayName").map(str::to_owned);
    let request = rules::DISPLAY_NAME.request(&name, call.platform.world.timings.display_name_ms);
    let detail = display_name.as_deref();
    operation::change(
        &call,
        &request,
        Effect::DisplayNameSet,
        detail,
        |environment| {
            environment.display_name.clone_from(&display_name);
        },
    )
    .await?;
    Ok(Map::new())
}
