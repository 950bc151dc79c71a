//! users/authentication: signing in and out.
//!
//! It must not check sessions of other methods; `access` does.

use futures::FutureExt;
use serde_json::json;

use super::{Call, Endpoint, Handler};
use crate::answer::{Outcome, Refusal, into_map};
use crate::ledger::Effect;

const AUTHENTICATION_FAILED: i64 = 701;
const USER_BLOCKED: i64 = 704;
const SERVICE: &str = "users/authentication";

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        needs_session: false,
        refuses_get: true,
        handler: Handler::Instant(sign_in),
        ..Endpoint::reading(SERVICE, "signin", "users.authentication.Signin", sign_in)
    },
    Endpoint::mutating(SERVICE, "signout", "users.authentication.Signout", |call| {
        async move { sign_out(&call) }.boxed()
    }),
];

fn sign_in(call: &Call) -> Outcome {
    let started_at_ms = call.platform.clock.now_ms();
    let login = call.parameters.required("login")?;
    let password = call.parameters.required("password")?;
    let accounts = &call.platform.world.accounts;
    let account = accounts
        .iter()
        .find(|account| account.login == login && account.password.reveal() == password)
        .ok_or_else(|| Refusal::from_core(AUTHENTICATION_FAILED, "authentication failed"))?;
    if account.is_blocked {
        return Err(Refusal::from_core(USER_BLOCKED, "user is blocked"));
    }
    let mut answer = into_map(super::account::identity(account));
    if account.needs_second_factor {
        let check = json!({"isActive": true, "isConfigured": true, "type": "TOTP"});
        answer.insert("authType".to_owned(), json!("TFA"));
        answer.insert("requiredAuthCheck".to_owned(), check);
        return Ok(answer);
    }
    let session = call.platform.state().open_session(account.uid);
    answer.insert("session".to_owned(), json!(session));
    call.enter_for(
        account.uid,
        Effect::SignedIn,
        None,
        Some(&account.login),
        started_at_ms,
    );
    Ok(answer)
}

fn sign_out(call: &Call) -> Outcome {
    let session = call.parameters.required("session")?;
    // A personal access token is not a session: signing out leaves it alive.
    if call.platform.state().sessions.remove(session).is_some() {
        call.enter(Effect::SignedOut, None, None, call.platform.clock.now_ms());
    }
    Ok(serde_json::Map::new())
}
