//! `users/authentication`.

use super::Call;
use crate::endpoint::Endpoint;
use crate::form::{Form, Separator};
use domain::SecretText;
use domain::names::PlatformLogin;
use domain::ports::AccessTokenSpec;

/// Exchanges a login and a password for a session. POST only: the platform refuses GET here.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/users.Authentication-method-Signin>
/// (confirmed). Not idempotent: every success is a new session. Failures are counted by the platform,
/// so it is never sent twice. Answers at once; 701 wrong pair, 704 blocked.
pub(crate) fn sign_in(login: &PlatformLogin, password: &SecretText) -> Call {
    let form = Form::default()
        .with("login", login.as_str())
        .with_secret("password", password);
    Call::new(Endpoint::SignIn, form)
}

/// Ends the session that it is sent with; 702 when there is none \[inferred\].
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/users.Authentication-method-Signout>
/// (confirmed). A repetition changes nothing more. Answers at once.
pub(crate) fn sign_out() -> Call {
    Call::new(Endpoint::SignOut, Form::default())
}

/// Makes a personal access token for these methods only. Methods are joined with commas \[inferred\] from
/// other lists of the platform's; the end is a day, written as the dashboard writes it \[inferred\]. The
/// account's password, which the dashboard asks for, is optional here and not sent.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/users.Authentication-method-CreateToken>
/// (confirmed). Not idempotent: every success is a new token, whose value is in this answer only. Answers
/// at once.
pub(crate) fn create_token(wanted: &AccessTokenSpec) -> Call {
    let methods: Vec<&str> = wanted.methods.iter().map(String::as_str).collect();
    let expires_at = wanted
        .expires_at
        .map(|end| end.strftime("%d-%m-%Y").to_string());
    let form = Form::default()
        .with("description", wanted.description.as_str())
        .with_list("apiList", &methods, Separator::Comma)
        .with_some("expiresAt", expires_at.as_deref());
    Call::new(Endpoint::CreateToken, form)
}
