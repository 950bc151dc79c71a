//! What somebody gives in a body to prove who they are: a password, and a code where one is needed.

use crate::request::{FieldFaults, SecretField};
use application::people::PresentedFactor;
use domain::SecretText;
use domain::limits::PASSWORD_LENGTH_MAX;
use domain::people::{NewPassword, OneTimeCode};

/// Longest recovery code that is looked at, in bytes; ours are shorter, with spaces and hyphens, too.
const RECOVERY_CODE_LENGTH_MAX: usize = 64;

/// The second factor, when one is given.
pub(super) fn factor(
    faults: &mut FieldFaults,
    code: Option<SecretField>,
    recovery_code: Option<SecretField>,
) -> Option<PresentedFactor> {
    match (code, recovery_code) {
        (None, None) => None,
        (Some(code), None) => one_time_code(faults, &code).map(PresentedFactor::Code),
        (None, Some(code)) => {
            let is_fit = (1..=RECOVERY_CODE_LENGTH_MAX).contains(&code.0.expose().len());
            if !is_fit {
                faults.add("/recovery_code", "must be 1 to 64 bytes");
            }
            is_fit.then_some(PresentedFactor::RecoveryCode(code.0))
        }
        (Some(_), Some(_)) => {
            faults.add("/recovery_code", "cannot come together with `code`");
            None
        }
    }
}

/// A code of an app.
pub(super) fn one_time_code(faults: &mut FieldFaults, code: &SecretField) -> Option<OneTimeCode> {
    OneTimeCode::parse(&code.0)
        .map_err(|error| faults.add("/code", error.rule()))
        .ok()
}

/// A password that is to be compared with the stored one. No stored one is longer.
pub(super) fn present_password(
    faults: &mut FieldFaults,
    pointer: &str,
    password: SecretField,
) -> Option<SecretText> {
    let length = password.0.expose().chars().count();
    if (1..=PASSWORD_LENGTH_MAX).contains(&length) {
        return Some(password.0);
    }
    faults.add(pointer, "must be 1 to 128 characters");
    None
}

/// A password that somebody wants to have.
pub(super) fn new_password(faults: &mut FieldFaults, password: SecretField) -> Option<NewPassword> {
    NewPassword::parse(password.0)
        .map_err(|error| faults.add("/password", error.rule()))
        .ok()
}
