//! `users/account`.

use super::Call;
use crate::endpoint::Endpoint;
use crate::form::Form;

/// Reads whose session it is; the way to check a personal access token.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/users.Account-method-GetUserInfo>
/// (confirmed). A read; answers at once.
pub(crate) fn user_info() -> Call {
    Call::new(Endpoint::GetUserInfo, Form::default())
}
