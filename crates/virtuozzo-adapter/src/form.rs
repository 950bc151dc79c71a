//! Bodies of requests: urlencoded UTF-8, wiped when they are no longer needed. Session keys and
//! passwords travel here and nowhere else, so nothing in this module can be printed.

use bytes::Bytes;
use domain::SecretText;
use form_urlencoded::Serializer;
use serde::{Serialize, Serializer as _};
use zeroize::Zeroizing;

#[cfg(test)]
mod tests;

/// How a list parameter is written; it differs by method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Separator {
    /// `a;b`.
    Semicolon,
    /// `a,b`.
    Comma,
}

impl Separator {
    fn as_str(self) -> &'static str {
        match self {
            Self::Semicolon => ";",
            Self::Comma => ",",
        }
    }
}

/// The parameters of one call.
#[derive(Default)]
pub(crate) struct Form {
    fields: Vec<(&'static str, Zeroizing<String>)>,
}

impl Form {
    /// Adds a text.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.fields.push((name, Zeroizing::new(value.into())));
        self
    }

    /// Adds a text when there is one. An empty parameter would mean the same as an absent one.
    pub(crate) fn with_some(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) if !value.is_empty() => self.with(name, value),
            _ => self,
        }
    }

    /// Adds a number.
    pub(crate) fn with_number(self, name: &'static str, value: impl Into<i128>) -> Self {
        self.with(name, value.into().to_string())
    }

    /// Adds a flag, spelled out.
    pub(crate) fn with_flag(self, name: &'static str, value: bool) -> Self {
        self.with(name, if value { "true" } else { "false" })
    }

    /// Adds a secret.
    pub(crate) fn with_secret(self, name: &'static str, value: &SecretText) -> Self {
        self.with(name, value.expose())
    }

    /// Adds a value as strict JSON text. What is inside strings is escaped by the serialiser.
    pub(crate) fn with_json(self, name: &'static str, value: &impl Serialize) -> Self {
        let text = serde_json::to_string(value)
            .expect("only structs, lists and maps with text keys are passed, and they serialise");
        self.with(name, text)
    }

    /// Adds named secrets as one JSON object.
    pub(crate) fn with_secrets<'a>(
        mut self,
        name: &'static str,
        secrets: impl Iterator<Item = (&'a str, &'a SecretText)> + Clone,
    ) -> Self {
        // Every byte may become six; quotes, colon and comma come on top. Reserved in full: a buffer that
        // grows leaves copies of secrets behind.
        let length_max: usize = secrets
            .clone()
            .map(|(name, secret)| 6 * (name.len() + secret.expose().len()) + 6)
            .sum();
        let mut json = Zeroizing::new(Vec::with_capacity(length_max + 2));
        let pairs = secrets.map(|(name, secret)| (name, secret.expose()));
        serde_json::Serializer::new(&mut *json)
            .collect_map(pairs)
            .expect("texts serialise, and a vector takes all of them");
        let text = String::from_utf8(std::mem::take(&mut *json)).expect("JSON is UTF-8");
        self.fields.push((name, Zeroizing::new(text)));
        self
    }

    /// Adds a list in the way the method wants it.
    pub(crate) fn with_list(
        self,
        name: &'static str,
        values: &[&str],
        separator: Separator,
    ) -> Self {
        self.with(name, values.join(separator.as_str()))
    }

    /// The body, with the session when the call needs one. The buffer is wiped when its last user
    /// lets go of it.
    pub(crate) fn encode(&self, session: Option<&SecretText>) -> Bytes {
        // Reserved in full: a buffer that grows leaves copies of secrets behind.
        let mut serializer = Serializer::new(String::with_capacity(self.length_max(session)));
        serializer.extend_pairs(self.pairs(session));
        Bytes::from_owner(Zeroizing::new(serializer.finish().into_bytes()))
    }

    fn pairs<'a>(
        &'a self,
        session: Option<&'a SecretText>,
    ) -> impl Iterator<Item = (&'static str, &'a str)> {
        let own = self
            .fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()));
        own.chain(session.map(|key| ("session", key.expose())))
    }

    /// Every byte may become three; `&` and `=` come on top.
    fn length_max(&self, session: Option<&SecretText>) -> usize {
        self.pairs(session)
            .map(|(name, value)| 3 * value.len() + name.len() + 2)
            .sum()
    }
}
