//! Turns secret values into a mark with a fingerprint.
//!
//! It must not be reversible: the fingerprint is keyed by a random value of this process, so it
//! shows that two values were equal and nothing else.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};

use serde_json::Value;

const SECRET_PARAMETERS: [&str; 6] = [
    "session", "password", "token", "key", "cert_key", "checksum",
];
/// Variables of containers: their names may be seen, their values not.
const PARAMETERS_OF_VARIABLES: [&str; 2] = ["vars", "data"];
const MEMBER_OF_VARIABLES: &str = "env";
const SECRET_MEMBER_PARTS: [&str; 4] = ["password", "secret", "token", "session"];

#[derive(Debug, Default)]
pub(crate) struct Masking {
    fingerprint_key: RandomState,
}

impl Masking {
    /// The parameters by the names the client used, without secret values.
    pub(crate) fn mask<'a>(
        &self,
        parameters: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> BTreeMap<String, String> {
        parameters
            .map(|(name, value)| (name.to_owned(), self.shown(name, value)))
            .collect()
    }

    fn shown(&self, name: &str, value: &str) -> String {
        let lower = name.to_ascii_lowercase();
        if SECRET_PARAMETERS.contains(&lower.as_str()) || names_a_secret(&lower) {
            return self.mark(value);
        }
        match serde_json::from_str::<Value>(value) {
            Ok(mut json) if json.is_object() || json.is_array() => {
                if PARAMETERS_OF_VARIABLES.contains(&lower.as_str()) {
                    self.mask_values(&mut json);
                }
                self.mask_members(&mut json);
                json.to_string()
            }
            _ => value.to_owned(),
        }
    }

    fn mask_members(&self, json: &mut Value) {
        match json {
            Value::Object(members) => {
                for (name, member) in members {
                    match member {
                        Value::String(text) if names_a_secret(&name.to_ascii_lowercase()) => {
                            *text = self.mark(text);
                        }
                        variables if name.eq_ignore_ascii_case(MEMBER_OF_VARIABLES) => {
                            self.mask_values(variables);
                        }
                        other => self.mask_members(other),
                    }
                }
            }
            Value::Array(elements) => {
                for element in elements {
                    self.mask_members(element);
                }
            }
            _ => {}
        }
    }

    /// Every value of an object; a list of names has none.
    fn mask_values(&self, json: &mut Value) {
        let Value::Object(members) = json else {
            return;
        };
        for member in members.values_mut() {
            let text = match &*member {
                Value::String(text) => self.mark(text),
                other => self.mark(&other.to_string()),
            };
            *member = Value::String(text);
        }
    }

    fn mark(&self, value: &str) -> String {
        format!("masked:{:016x}", self.fingerprint_key.hash_one(value))
    }
}

fn names_a_secret(lower_case_name: &str) -> bool {
    SECRET_MEMBER_PARTS
        .iter()
        .any(|part| lower_case_name.contains(part))
}

#[cfg(test)]
mod tests;
