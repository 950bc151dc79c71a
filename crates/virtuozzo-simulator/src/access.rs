//! Who calls, and whether the credential allows the method.
//!
//! It must not know what the method does.

use crate::answer::Refusal;
use crate::parameters::Parameters;
use crate::platform::Platform;
use crate::state::Token;

const TOKEN_LACKS_PERMISSION: i64 = 8202;

/// The account whose uid owns `session`, be it a sign-in session or a personal access token.
///
/// `method` is the documented dotted name, such as `environment.control.CreateEnvironment`.
pub(crate) fn authorise(
    platform: &Platform,
    parameters: &Parameters,
    method: &str,
) -> Result<u64, Refusal> {
    let session = parameters.required("session")?;
    let state = platform.state();
    if let Some(uid) = state.sessions.get(session) {
        return Ok(*uid);
    }
    let now_ms = platform.clock.now_ms();
    let is_alive = |token: &&Token| token.expiry.as_ref().is_none_or(|it| now_ms < it.at_ms);
    let mut tokens = state.tokens.iter().filter(is_alive);
    let token = tokens.find(|token| token.key == session);
    let token = token.ok_or_else(Refusal::not_authenticated)?;
    let mut permitted = token.methods.iter();
    if permitted.any(|permitted| permits(permitted, method)) {
        return Ok(token.uid);
    }
    let text = format!("access not permitted: {method}");
    Err(Refusal::from_core(TOKEN_LACKS_PERMISSION, text))
}

fn permits(permitted: &str, method: &str) -> bool {
    let permitted = permitted.to_ascii_lowercase();
    let method = method.to_ascii_lowercase();
    match permitted.strip_suffix('*') {
        Some(prefix) => method.starts_with(prefix),
        None => permitted == method,
    }
}

#[cfg(test)]
mod tests;
