//! A password that somebody wants to have from now on.

use crate::limits::{PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN};
use crate::names::NameError;
use crate::secret::SecretText;

/// A password of acceptable length. Whether it is easy to guess is another question.
#[derive(Clone)]
pub struct NewPassword(SecretText);

impl NewPassword {
    /// Counts characters, not bytes; any character will do. The error states the rule.
    pub fn parse(text: SecretText) -> Result<Self, NameError> {
        let length = text.expose().chars().count();
        if (PASSWORD_LENGTH_MIN..=PASSWORD_LENGTH_MAX).contains(&length) {
            Ok(Self(text))
        } else {
            Err(NameError::new("must be 12 to 128 characters"))
        }
    }

    /// The password, for checking and hashing it.
    pub fn text(&self) -> &SecretText {
        &self.0
    }
}
