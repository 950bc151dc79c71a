//! `users/authentication`.

use super::Call;
use crate::endpoint::Endpoint;
use crate::form::Form;
use domain::SecretText;
use domain::names::PlatformLogin;

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
