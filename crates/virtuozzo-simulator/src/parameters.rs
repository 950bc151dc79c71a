//! Parameters of a call: query and form merged, names in any case, empty meaning absent.
//!
//! It must not know which parameters a method has.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::answer::Refusal;

mod lenient_json;

/// The parameters of one call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameters {
    by_lower_name: BTreeMap<String, Sent>,
}

#[derive(Clone, Debug)]
struct Sent {
    name: String,
    value: String,
}

impl Parameters {
    /// Merges both places; the form wins over the query.
    pub(crate) fn merge(query: &str, form: &[u8]) -> Self {
        let mut by_lower_name = BTreeMap::new();
        for text in [query.as_bytes(), form] {
            for (name, value) in form_urlencoded::parse(text) {
                if !value.is_empty() {
                    let sent = Sent {
                        name: name.to_string(),
                        value: value.into_owned(),
                    };
                    by_lower_name.insert(name.to_ascii_lowercase(), sent);
                }
            }
        }
        Self { by_lower_name }
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.by_lower_name
            .get(&name.to_ascii_lowercase())
            .map(|sent| sent.value.as_str())
    }

    pub(crate) fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.text(name)
            .ok_or_else(|| Refusal::invalid_parameter(name))
    }

    /// True for `true` in any case, as clients in several languages spell it.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.text(name)
            .is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }

    /// A parameter that holds JSON text; single quotes are accepted.
    pub(crate) fn json(&self, name: &str) -> Result<Option<Value>, Refusal> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        lenient_json::parse(text)
            .map(Some)
            .ok_or_else(|| Refusal::invalid_parameter(name))
    }

    pub(crate) fn required_json(&self, name: &str) -> Result<Value, Refusal> {
        self.json(name)?
            .ok_or_else(|| Refusal::invalid_parameter(name))
    }

    /// Names as the client wrote them, with their values.
    pub(crate) fn as_sent(&self) -> impl Iterator<Item = (&str, &str)> {
        self.by_lower_name
            .values()
            .map(|sent| (sent.name.as_str(), sent.value.as_str()))
    }
}

#[cfg(test)]
mod tests;
