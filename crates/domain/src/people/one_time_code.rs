//! A code that an authenticator app shows.

use crate::names::NameError;
use crate::secret::SecretText;

/// Digits of a code.
const LENGTH: usize = 6;

/// A code of the right form.
#[derive(Clone)]
pub struct OneTimeCode(SecretText);

impl OneTimeCode {
    /// Apps show the digits in groups, so spaces do not matter. The error states the rule.
    pub fn parse(text: &SecretText) -> Result<Self, NameError> {
        let digits = SecretText::new(text.expose().replace(' ', ""));
        let is_fit = digits.expose().len() == LENGTH
            && digits.expose().bytes().all(|byte| byte.is_ascii_digit());
        if is_fit {
            Ok(Self(digits))
        } else {
            Err(NameError::new("must be six digits"))
        }
    }

    /// The digits.
    pub fn digits(&self) -> &str {
        self.0.expose()
    }
}
