//! What a `return` of a manifest means for the answer: a code, a type of message, a text.
//!
//! It must not know the members around it.

use serde_json::{Map, Value};

use super::markdown;

/// The code of a `return` that says something in words.
const RETURNED_TEXT: i64 = 11_039;
const TYPES: [&str; 4] = ["error", "warning", "info", "success"];

/// How a manifest ended by its own word.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ending {
    pub(crate) result: i64,
    /// `error`, `warning`, `info` or `success`.
    pub(crate) message_type: Option<String>,
    pub(crate) message: Option<String>,
    /// As the manifest returned it.
    pub(crate) returned: Value,
}

impl Ending {
    /// What the `return` says itself counts before what `responses` says about its code.
    pub(super) fn read(returned: Value, responses: &Map<String, Value>) -> Self {
        let said = match &returned {
            Value::Object(members) => members.get("result").unwrap_or(&Value::Null),
            other => other,
        };
        let (result, own_type) = code_and_type(said);
        let key = said
            .as_str()
            .map_or_else(|| said.to_string(), str::to_owned);
        let declared = responses.get(&key);
        let member = |name: &str| {
            let own = returned.get(name);
            own.or_else(|| declared?.get(name)).and_then(localised)
        };
        let words = said.as_str().filter(|_| returned.is_string());
        let implied_type = (result != 0).then(|| "error".to_owned());
        Self {
            result,
            message_type: own_type.or_else(|| member("type")).or(implied_type),
            message: member("message").or_else(|| words.map(str::to_owned)),
            returned,
        }
    }

    /// Success, by its code or by its type: a code that is not 0 may be one, too.
    pub(crate) fn is_installed(&self) -> bool {
        self.result == 0 || self.message_type.as_deref() == Some("success")
    }

    /// The text that takes the place of the manifest's own success text.
    pub(crate) fn success_html(&self) -> Option<String> {
        let is_success = self.message_type.as_deref() == Some("success");
        self.message
            .as_deref()
            .filter(|_| is_success)
            .map(markdown::to_html)
    }
}

/// A number, a number as text, the name of a type, or other words.
fn code_and_type(said: &Value) -> (i64, Option<String>) {
    let Some(words) = said.as_str() else {
        return (said.as_i64().unwrap_or(0), None);
    };
    if let Ok(code) = words.parse() {
        return (code, None);
    }
    let own_type = TYPES.contains(&words).then(|| words.to_owned());
    let is_success = words == "success";
    (if is_success { 0 } else { RETURNED_TEXT }, own_type)
}

/// A text, or the first of its languages, English before others.
fn localised(text: &Value) -> Option<String> {
    let languages = text.as_object();
    let chosen = languages.and_then(|languages| {
        let english = languages.get("en");
        english.or_else(|| languages.values().next())
    });
    chosen.unwrap_or(text).as_str().map(str::to_owned)
}
