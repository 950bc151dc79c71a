//! Answers about the account: sign-in, `getuserinfo`, tokens and what is billed.

use super::lenient;
use super::secret::WireSecret;
use serde::Deserialize;

/// What `signin` and `getuserinfo` answer. No `Debug`: it may hold the session.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Authentication {
    #[serde(deserialize_with = "lenient::integer")]
    pub(crate) uid: Option<i64>,
    pub(crate) session: Option<WireSecret>,
    #[serde(rename = "authType", deserialize_with = "lenient::text")]
    pub(crate) auth_type: Option<String>,
    #[serde(rename = "requiredAuthCheck")]
    pub(crate) required_check: Option<RequiredCheck>,
}

/// A further proof that the platform wants.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RequiredCheck {
    #[serde(rename = "isActive", deserialize_with = "lenient::flag")]
    pub(crate) is_active: Option<bool>,
}

impl Authentication {
    /// Whether the account wants a second factor.
    pub(crate) fn wants_second_factor(&self) -> bool {
        self.auth_type
            .as_deref()
            .is_some_and(|kind| kind.eq_ignore_ascii_case("TFA"))
            || self
                .required_check
                .as_ref()
                .is_some_and(|check| check.is_active == Some(true))
    }
}

/// What `createtoken` answers. No `Debug`: it holds the token.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct TokenAnswer {
    pub(crate) token: Option<Token>,
}

/// The token. No `Debug`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Token {
    pub(crate) key: Option<WireSecret>,
}

/// What `getaccount` answers.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct BilledAccount {
    /// A number, or its name.
    #[serde(deserialize_with = "lenient::text")]
    pub(crate) status: Option<String>,
    #[serde(rename = "groupType", deserialize_with = "lenient::text")]
    pub(crate) group_type: Option<String>,
}
