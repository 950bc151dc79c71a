//! Parameters of a call: query and form merged, names in any case, empty meaning absent.
//!
//! It must not know which parameters a method has.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

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
    /// The first one counts.
    value: String,
    /// Values of the same name that came after it, in the same place.
    repeated: Vec<String>,
}

impl Parameters {
    /// Merges both places; the form wins over the query.
    pub(crate) fn merge(query: &str, form: &[u8]) -> Self {
        let mut by_lower_name = read(query.as_bytes());
        by_lower_name.extend(read(form));
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

    /// A parameter that holds JSON text; single quotes are accepted. A repeated parameter is an
    /// array, as clients write lists that leave them to their HTTP library.
    pub(crate) fn json(&self, name: &str) -> Result<Option<Value>, Refusal> {
        let Some(sent) = self.by_lower_name.get(&name.to_ascii_lowercase()) else {
            return Ok(None);
        };
        if !sent.repeated.is_empty() {
            let values = std::iter::once(&sent.value).chain(&sent.repeated);
            let elements = values
                .map(|text| lenient_json::parse(text).unwrap_or_else(|| text.as_str().into()));
            return Ok(Some(elements.collect()));
        }
        lenient_json::parse(&sent.value)
            .map(Some)
            .ok_or_else(|| Refusal::invalid_parameter(name))
    }

    pub(crate) fn required_json(&self, name: &str) -> Result<Value, Refusal> {
        self.json(name)?
            .ok_or_else(|| Refusal::invalid_parameter(name))
    }

    /// A parameter that is one name or an array of names.
    pub(crate) fn names(&self, name: &str) -> Vec<String> {
        match self.json(name) {
            Ok(Some(Value::Array(names))) => names
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            Ok(Some(Value::String(name))) => vec![name],
            _ => self.text(name).map(str::to_owned).into_iter().collect(),
        }
    }

    /// Names as the client wrote them, with their values.
    pub(crate) fn as_sent(&self) -> impl Iterator<Item = (&str, &str)> {
        self.by_lower_name
            .values()
            .map(|sent| (sent.name.as_str(), sent.value.as_str()))
    }
}

fn read(encoded: &[u8]) -> BTreeMap<String, Sent> {
    let mut by_lower_name: BTreeMap<String, Sent> = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(encoded) {
        if value.is_empty() {
            continue;
        }
        match by_lower_name.entry(name.to_ascii_lowercase()) {
            Entry::Occupied(mut known) => known.get_mut().repeated.push(value.into_owned()),
            Entry::Vacant(new) => {
                new.insert(Sent {
                    name: name.into_owned(),
                    value: value.into_owned(),
                    repeated: Vec::new(),
                });
            }
        }
    }
    by_lower_name
}

#[cfg(test)]
mod tests;
