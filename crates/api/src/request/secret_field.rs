//! Secrets in a body: from the parser straight into a type that cannot be printed.

use domain::SecretText;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use std::collections::BTreeMap;
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

/// Named texts that must never be printed; their names may be.
pub(crate) struct SecretFields(pub(crate) BTreeMap<String, SecretField>);

impl<'de> Deserialize<'de> for SecretFields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(SecretsVisitor)
    }
}

struct SecretsVisitor;

impl<'de> Visitor<'de> for SecretsVisitor {
    type Value = SecretFields;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of strings")
    }

    /// A name that is given twice is refused: one of the two would be lost in silence.
    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<SecretFields, A::Error> {
        let mut secrets = BTreeMap::new();
        while let Some((name, secret)) = fields.next_entry::<String, SecretField>()? {
            if secrets.contains_key(&name) {
                return Err(Error::custom(format_args!("duplicate field `{name}`")));
            }
            secrets.insert(name, secret);
        }
        Ok(SecretFields(secrets))
    }
}
