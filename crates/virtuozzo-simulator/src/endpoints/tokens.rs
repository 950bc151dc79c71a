//! users/authentication: personal access tokens, made, listed and deleted.
//!
//! It must not show the secret of a token a second time.

use futures::FutureExt;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::{Call, Endpoint};
use crate::answer::{Outcome, Refusal, into_map};
use crate::ledger::Effect;
use crate::state::{Token, TokenExpiry};

const INVALID_PASSWORD: i64 = 801;
const KEY_LENGTH: usize = 40;
const SERVICE: &str = "users/authentication";

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::mutating(
        SERVICE,
        "createtoken",
        "users.authentication.CreateToken",
        |call| async move { create_token(&call) }.boxed(),
    ),
    Endpoint::reading(
        SERVICE,
        "gettokens",
        "users.authentication.GetTokens",
        get_tokens,
    ),
    Endpoint::mutating(
        SERVICE,
        "deletetokens",
        "users.authentication.DeleteTokens",
        |call| async move { delete_tokens(&call) }.boxed(),
    ),
];

fn create_token(call: &Call) -> Outcome {
    let started_at_ms = call.platform.clock.now_ms();
    let description = call.parameters.required("description")?.to_owned();
    check_password(call)?;
    let methods = call
        .parameters
        .text("apiList")
        .map_or_else(|| vec!["*".to_owned()], |list| list_items(list).collect());
    let expiry = call.parameters.text("expiresAt").map(expiry).transpose()?;
    let mut state = call.platform.state();
    let token = Token {
        id: state.next_object_id(),
        uid: call.uid,
        key: state.generator.hex(KEY_LENGTH),
        description,
        methods,
        expiry,
    };
    let mut member = token_member(&token);
    member["key"] = json!(token.key);
    let id = token.id.to_string();
    state.tokens.push(token);
    call.enter(Effect::TokenCreated, None, Some(&id), started_at_ms);
    Ok(into_map(json!({"token": member})))
}

fn get_tokens(call: &Call) -> Outcome {
    let wanted = call.parameters.text("ids").map(ids).transpose()?;
    let state = call.platform.state();
    let owned = state.tokens.iter().filter(|token| token.uid == call.uid);
    let listed = owned.filter(|token| {
        wanted
            .as_ref()
            .is_none_or(|wanted| wanted.contains(&token.id))
    });
    let members: Vec<Value> = listed.map(token_member).collect();
    Ok(into_map(json!({"apiTokens": members})))
}

/// Ids that are not there are ignored; sessions live on.
fn delete_tokens(call: &Call) -> Outcome {
    let started_at_ms = call.platform.clock.now_ms();
    let wanted = ids(call.parameters.required("ids")?)?;
    check_password(call)?;
    let mut state = call.platform.state();
    state.tokens.retain(|token| {
        let goes = token.uid == call.uid && wanted.contains(&token.id);
        if goes {
            let id = token.id.to_string();
            call.enter(Effect::TokenDeleted, None, Some(&id), started_at_ms);
        }
        !goes
    });
    Ok(Map::new())
}

/// A password is optional, but a wrong one is refused.
fn check_password(call: &Call) -> Result<(), Refusal> {
    let account = call.platform.world.account(call.uid);
    match (call.parameters.text("password"), account) {
        (Some(sent), Some(account)) if account.password.reveal() != sent => {
            Err(Refusal::from_core(INVALID_PASSWORD, "invalid password"))
        }
        _ => Ok(()),
    }
}

/// A JSON array, or names with commas between them.
fn list_items(list: &str) -> impl Iterator<Item = String> {
    let names = serde_json::from_str(list)
        .unwrap_or_else(|_| list.split(',').map(str::to_owned).collect::<Vec<_>>());
    names.into_iter().map(|name| name.trim().to_owned())
}

fn ids(list: &str) -> Result<Vec<u64>, Refusal> {
    let ids = list_items(list).map(|id| id.parse());
    ids.collect::<Result<_, _>>()
        .map_err(|_| Refusal::invalid_parameter("ids"))
}

/// `dd-mm-yyyy`; the token is dead from the beginning of that day, in UTC.
fn expiry(date: &str) -> Result<TokenExpiry, Refusal> {
    let invalid = || Refusal::invalid_parameter("expiresAt");
    let day = Date::strptime("%d-%m-%Y", date).map_err(|_| invalid())?;
    let midnight = TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0));
    let midnight_ms = midnight.map_err(|_| invalid())?.as_millisecond();
    let at_ms = u64::try_from(midnight_ms).map_err(|_| invalid())?;
    Ok(TokenExpiry {
        date: date.to_owned(),
        at_ms,
    })
}

fn token_member(token: &Token) -> Value {
    let mut member = json!({"id": token.id, "description": token.description,
        "apiListItems": token.methods, "isSystem": false});
    if let Some(expiry) = &token.expiry {
        member["expiresAt"] = json!(expiry.date);
    }
    member
}
