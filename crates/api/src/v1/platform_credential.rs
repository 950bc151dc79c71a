//! The credential of a platform account in a body, wherever one is taken into custody.

use crate::request::{FieldFaults, SecretField, pointer_to};
use domain::SecretText;
use domain::limits::PLATFORM_SECRET_LENGTH_MAX;
use domain::names::PlatformLogin;
use domain::platform_account::PlatformCredential;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Flat, because a tagged enum would be buffered while it is read, secrets included.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CredentialBody {
    kind: CredentialKindBody,
    #[serde(default)]
    login: Option<String>,
    #[serde(default)]
    password: Option<SecretField>,
    #[serde(default)]
    token: Option<SecretField>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum CredentialKindBody {
    Password,
    AccessToken,
}

/// A credential of the platform.
#[derive(Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = PlatformCredential)]
#[expect(dead_code, reason = "documents the body; it is read field by field")]
pub(super) enum CredentialSchema {
    /// Login and password; sessions are made from it and renewed.
    Password {
        /// The login of the account.
        #[schema(example = "owner@example.com", max_length = 254)]
        login: String,
        /// The password.
        #[schema(format = Password, max_length = 1024)]
        password: String,
    },
    /// A personal access token; used as it is.
    AccessToken {
        /// The token.
        #[schema(format = Password, max_length = 1024)]
        token: String,
    },
}

impl CredentialBody {
    /// The credential, or notes of what is wrong with it. `at` is where it stands in the self.
    pub(super) fn parsed(self, faults: &mut FieldFaults, at: &str) -> Option<PlatformCredential> {
        let (login_at, password_at, token_at) = (
            pointer_to(at, "login"),
            pointer_to(at, "password"),
            pointer_to(at, "token"),
        );
        match self.kind {
            CredentialKindBody::Password => {
                refuse(faults, &token_at, self.token.is_some());
                let login = required(faults, &login_at, self.login);
                let login =
                    login.and_then(|login| faults.parse(&login_at, &login, PlatformLogin::parse));
                let password = required(faults, &password_at, self.password)
                    .and_then(|secret| checked_secret(faults, &password_at, secret));
                Some(PlatformCredential::Password {
                    login: login?,
                    password: password?,
                })
            }
            CredentialKindBody::AccessToken => {
                refuse(faults, &login_at, self.login.is_some());
                refuse(faults, &password_at, self.password.is_some());
                let token = required(faults, &token_at, self.token)
                    .and_then(|secret| checked_secret(faults, &token_at, secret));
                Some(PlatformCredential::AccessToken { token: token? })
            }
        }
    }
}

fn required<Value>(faults: &mut FieldFaults, pointer: &str, value: Option<Value>) -> Option<Value> {
    if value.is_none() {
        faults.add(pointer, "is required for this kind of credential");
    }
    value
}

fn refuse(faults: &mut FieldFaults, pointer: &str, is_present: bool) {
    if is_present {
        faults.add(pointer, "does not belong to this kind of credential");
    }
}

/// Secrets with control characters are refused: custody stores login and password in one text,
/// separated by one, and no platform takes them.
pub(super) fn checked_secret(
    faults: &mut FieldFaults,
    pointer: &str,
    secret: SecretField,
) -> Option<SecretText> {
    let text = secret.0.expose();
    let is_fit = (1..=PLATFORM_SECRET_LENGTH_MAX).contains(&text.len())
        && !text.chars().any(char::is_control);
    if is_fit {
        return Some(secret.0);
    }
    faults.add(
        pointer,
        "must be 1 to 1024 bytes without control characters",
    );
    None
}
