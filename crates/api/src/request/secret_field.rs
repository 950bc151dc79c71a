//! A secret in a body: from the parser straight into a type that cannot be printed.

use domain::SecretText;
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use std::fmt;

/// A text that must never be printed.
pub(crate) struct SecretField(pub(crate) SecretText);

impl<'de> Deserialize<'de> for SecretField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_string(SecretVisitor)
    }
}

struct SecretVisitor;

impl Visitor<'_> for SecretVisitor {
    type Value = SecretField;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<SecretField, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<SecretField, E> {
        Ok(SecretField(SecretText::new(text)))
    }
}
