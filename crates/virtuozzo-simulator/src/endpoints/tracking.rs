//! environment/tracking: what is being done for the caller, and what was done.
//!
//! It must not show actions of other accounts.

use serde_json::{Map, Value, json};

use super::{Call, Endpoint};
use crate::answer::{Outcome, Refusal, into_map};
use crate::environment_view::platform_date;
use crate::state::Action;

const SERVICE: &str = "environment/tracking";
const DEFAULT_RESULT_COUNT: u64 = 50;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::reading(
        SERVICE,
        "getcurrentactions",
        "environment.tracking.GetCurrentActions",
        |call| Ok(get_current_actions(call)),
    ),
    Endpoint::reading(
        SERVICE,
        "searchactions",
        "environment.tracking.SearchActions",
        search_actions,
    ),
];

fn get_current_actions(call: &Call) -> Map<String, Value> {
    let state = call.platform.state();
    let array: Vec<Value> = state
        .actions
        .iter()
        .filter(|action| action.uid == call.uid && action.end.is_none())
        .map(action_member)
        .collect();
    into_map(json!({"array": array}))
}

fn search_actions(call: &Call) -> Outcome {
    let search = call.parameters.required_json("search")?;
    if !search.is_object() {
        return Err(Refusal::invalid_parameter("search"));
    }
    let state = call.platform.state();
    let mut found: Vec<Value> = state
        .actions
        .iter()
        .filter(|action| action.uid == call.uid)
        .map(action_member)
        .filter(|member| is_wanted(member, &search))
        .collect();
    if search
        .get("orderDirection")
        .and_then(Value::as_str)
        .is_none_or(is_descending)
    {
        found.reverse();
    }
    let total = found.len();
    let start = search.get("startRow").and_then(Value::as_u64).unwrap_or(0);
    let count = search
        .get("resultCount")
        .and_then(Value::as_u64)
        .unwrap_or(DEFAULT_RESULT_COUNT);
    let page: Vec<Value> = found
        .into_iter()
        .skip(usize::try_from(start).unwrap_or(usize::MAX))
        .take(usize::try_from(count).unwrap_or(usize::MAX))
        .collect();
    Ok(into_map(json!({"array": page, "totalCount": total})))
}

fn is_descending(direction: &str) -> bool {
    direction.eq_ignore_ascii_case("desc")
}

/// Every condition of the search that is present must hold.
fn is_wanted(member: &Value, search: &Value) -> bool {
    let text = |name: &str| member[name].as_str().unwrap_or_default();
    let holds_for_start = |name: &str, holds: fn(&str, &str) -> bool| {
        search
            .get(name)
            .and_then(Value::as_str)
            .is_none_or(|date| holds(text("startDate"), date))
    };
    let is_listed = |name: &str, value: &Value| {
        let list = search
            .get(name)
            .and_then(Value::as_array)
            .filter(|list| !list.is_empty());
        list.is_none_or(|list| list.contains(value))
    };
    let equals = |name: &str, value: &Value| {
        search
            .get(name)
            .filter(|wanted| !wanted.is_null())
            .is_none_or(|wanted| wanted == value)
    };
    let is_set = |name: &str| search.get(name).and_then(Value::as_bool).unwrap_or(false);
    let contains_value = search
        .get("value")
        .and_then(Value::as_str)
        .is_none_or(|value| {
            ["env", "text", "requestUniqueKey"]
                .iter()
                .any(|name| text(name).contains(value))
        });
    holds_for_start("startDate", |start, date| start >= date)
        && holds_for_start("endDate", |start, date| start <= date)
        && is_listed("types", &member["actionType"])
        && is_listed("appids", &member["appid"])
        && equals("serviceName", &member["serviceName"])
        && equals("uid", &member["uid"])
        && equals("id", &member["id"])
        && equals("resultCode", &member["resultCode"])
        && (!is_set("onlyCompleted") || member.get("endDate").is_some())
        && (!is_set("onlyErrors") || member["resultCode"].as_i64().is_some_and(|code| code != 0))
        && contains_value
}

/// The element shape is inferred from `getaction` and from a script that looks for `"env":"name"`.
fn action_member(action: &Action) -> Value {
    let mut member = json!({
        "id": action.id,
        "text": action.kind.text,
        "action": {"id": action.kind.id, "text": action.kind.text, "type": "PUBLIC"},
        "actionType": "PUBLIC",
        "serviceName": action.kind.service,
        "uid": action.uid,
        "startDate": platform_date(action.started_at_ms),
    });
    let optional = [
        ("env", &action.environment),
        ("appid", &action.appid),
        ("requestUniqueKey", &action.ruk),
        ("actionkey", &action.action_key),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            member[name] = json!(value);
        }
    }
    if let Some(end) = &action.end {
        member["endDate"] = json!(platform_date(end.at_ms));
        member["result"] = json!(end.result);
        member["resultCode"] = json!(end.result);
    }
    member
}
