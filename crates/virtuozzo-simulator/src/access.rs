//! Who calls, and whether the credential allows the method.
//!
//! It must not know what the method does.

use crate::answer::Refusal;
use crate::parameters::Parameters;
use crate::platform::Platform;

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
    if let Some(uid) = platform.state().sessions.get(session) {
        return Ok(*uid);
    }
    for account in &platform.world.accounts {
        let token = account
            .tokens
            .iter()
            .find(|token| token.value.reveal() == session);
        let Some(token) = token else { continue };
        if token
            .methods
            .iter()
            .any(|permitted| permits(permitted, method))
        {
            return Ok(account.uid);
        }
        let text = format!("access not permitted: {method}");
        return Err(Refusal::from_core(TOKEN_LACKS_PERMISSION, text));
    }
    Err(Refusal::not_authenticated())
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
