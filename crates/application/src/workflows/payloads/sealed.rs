//! Secrets in payloads: sealed under the team's key for this one job, so that neither the store nor a
//! backup can read them.

use super::{DecodeError, readable};
use domain::SecretText;
use domain::names::VariableName;
use domain::sealed::SealedSecret;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A sealed secret, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SealedBytes(Vec<u8>);

impl SealedBytes {
    pub(crate) fn of(sealed: SealedSecret) -> Self {
        Self(sealed.0)
    }

    pub(crate) fn secret(&self) -> SealedSecret {
        SealedSecret(self.0.clone())
    }
}

/// Variables with their values, sealed together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SealedVariables(SealedBytes);

impl SealedVariables {
    /// The text that is sealed.
    pub(crate) fn write(variables: &BTreeMap<VariableName, SecretText>) -> SecretText {
        let plain: BTreeMap<&str, &str> = variables
            .iter()
            .map(|(name, value)| (name.as_str(), value.expose()))
            .collect();
        SecretText::new(serde_json::to_string(&plain).expect("texts encode"))
    }

    pub(crate) fn of(sealed: SealedSecret) -> Self {
        Self(SealedBytes::of(sealed))
    }

    pub(crate) fn secret(&self) -> SealedSecret {
        self.0.secret()
    }

    /// The way back from the text.
    pub(crate) fn read(
        text: &SecretText,
    ) -> Result<BTreeMap<VariableName, SecretText>, DecodeError> {
        let plain: BTreeMap<String, String> = readable(serde_json::from_str(text.expose()))?;
        plain
            .into_iter()
            .map(|(name, value)| {
                let value = SecretText::new(value);
                Ok((readable(VariableName::parse(&name))?, value))
            })
            .collect()
    }
}
