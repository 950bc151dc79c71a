//! billing/account: quotas of the caller.
//!
//! It must not enforce them; the methods that a quota limits do.

use serde_json::{Map, Value, json};

use super::{Call, Endpoint};
use crate::answer::into_map;

pub(super) const ENDPOINTS: &[Endpoint] = &[Endpoint::reading(
    "billing/account",
    "getquotas",
    "billing.account.GetQuotas",
    |call| Ok(get_quotas(call)),
)];

/// Names are separated by `;`; none means all; unknown names are left out.
fn get_quotas(call: &Call) -> Map<String, Value> {
    let wanted: Option<Vec<&str>> = call
        .parameters
        .text("quotasnames")
        .map(|names| names.split(';').map(str::trim).collect());
    let account = call.platform.world.account(call.uid);
    let quotas = account
        .into_iter()
        .flat_map(|account| account.quotas.iter());
    let array: Vec<Value> = quotas
        .filter(|(name, _)| {
            wanted
                .as_ref()
                .is_none_or(|names| names.contains(&name.as_str()))
        })
        .enumerate()
        .map(|(position, (name, value))| {
            let quota = json!({"id": position + 1, "name": name, "description": name,
                "isBusiness": false, "isHidden": false, "isCustom": false});
            json!({"quota": quota, "value": value, "type": "GROUP"})
        })
        .collect();
    into_map(json!({"array": array}))
}
