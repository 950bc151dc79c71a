//! users/account: who the caller is.
//!
//! It must not know how the caller was recognised.

use serde_json::{Value, json};

use super::{Call, Endpoint};
use crate::answer::{Outcome, Refusal, into_map};
use crate::world::Account;

pub(super) const ENDPOINTS: &[Endpoint] = &[Endpoint::reading(
    "users/account",
    "getuserinfo",
    "users.account.GetUserInfo",
    get_user_info,
)];

fn get_user_info(call: &Call) -> Outcome {
    let account = call
        .platform
        .world
        .account(call.uid)
        .ok_or_else(Refusal::not_authenticated)?;
    Ok(into_map(identity(account)))
}

/// The members that `signin` and `getuserinfo` share.
pub(super) fn identity(account: &Account) -> Value {
    let mut identity = json!({
        "uid": account.uid,
        "email": account.login,
        "accessType": "FULL_ACCESS",
        "status": "ENABLED",
        "authType": "BASIC",
    });
    if let Some(name) = &account.name {
        identity["name"] = json!(name);
    }
    identity
}
