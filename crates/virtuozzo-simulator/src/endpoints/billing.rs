//! billing/account: the account as it is billed.
//!
//! It must not know quotas or bills.

use serde_json::json;

use super::{Call, Endpoint};
use crate::answer::{Outcome, Refusal, into_map};

const ACTIVE: u8 = 1;

pub(super) const ENDPOINTS: &[Endpoint] = &[Endpoint::reading(
    "billing/account",
    "getaccount",
    "billing.account.GetAccount",
    get_account,
)];

fn get_account(call: &Call) -> Outcome {
    let world = &call.platform.world;
    let account = world
        .account(call.uid)
        .ok_or_else(Refusal::not_authenticated)?;
    let regions = world.regions.iter();
    let hard_node_groups: Vec<&str> = regions
        .flat_map(|region| region.hard_node_groups.iter())
        .filter(|group| group.is_enabled)
        .map(|group| group.unique_name.as_str())
        .collect();
    let billing = &account.billing;
    // `isCommerial` is the platform's own spelling.
    Ok(into_map(json!({
        "uid": account.uid,
        "email": account.login,
        "status": ACTIVE,
        "balance": billing.balance,
        "bonus": billing.bonus,
        "credit": 0.0,
        "debit": 0.0,
        "group": billing.group,
        "groupType": billing.group_type,
        "isCommerial": billing.group_type == "billing",
        "language": "en",
        "createdOn": billing.created_on,
        "defaultHardNodeGroup": hard_node_groups.first(),
        "hardNodeGroups": hard_node_groups,
    })))
}
