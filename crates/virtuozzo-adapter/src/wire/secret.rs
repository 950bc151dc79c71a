//! Secret members of answers: straight from the parser into a type that cannot be printed.

use domain::SecretText;
use serde::{Deserialize, Deserializer};

/// A secret of an answer; no `Debug`.
#[derive(Clone)]
pub(crate) struct WireSecret(pub(crate) SecretText);

impl<'de> Deserialize<'de> for WireSecret {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(|text| Self(SecretText::new(text)))
    }
}
