//! Finds platform session keys that a client sends. None is ever accepted, wherever it is.

use super::json_fault::push;
use crate::problem::{FaultLocation, Problem};
use axum::http::{HeaderMap, header};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// Whether a parameter, header, cookie or field of that name would carry a session key: `session`,
/// `sessionKey`, `session_key`, in any letter case, as the platform reads them.
fn is_session_name(name: &str) -> bool {
    ["session", "sessionkey", "session_key", "session-key"]
        .iter()
        .any(|candidate| candidate.eq_ignore_ascii_case(name))
}

/// Refuses a session key in the query, in a header or in a cookie.
pub(crate) fn refuse_outside_body(query: Option<&str>, headers: &HeaderMap) -> Result<(), Problem> {
    let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    for (name, _) in pairs {
        if is_session_name(&name) {
            return Err(Problem::session_key(FaultLocation::Query, name));
        }
    }
    if let Some(name) = headers.keys().find(|name| is_session_name(name.as_str())) {
        return Err(Problem::session_key(FaultLocation::Header, name.as_str()));
    }
    for cookies in headers.get_all(header::COOKIE) {
        let cookies = String::from_utf8_lossy(cookies.as_bytes());
        for cookie in cookies.split(';') {
            let name = cookie.split('=').next().unwrap_or_default().trim();
            if is_session_name(name) {
                return Err(Problem::session_key(FaultLocation::Cookie, name));
            }
        }
    }
    Ok(())
}

/// The JSON pointer of a session key anywhere in the body; an error when the body is not JSON.
pub(super) fn pointer_in_json(bytes: &[u8]) -> Result<Option<String>, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let mut search = Search::default();
    Walk(&mut search).deserialize(&mut json)?;
    json.end()?;
    Ok(search.found)
}

#[derive(Default)]
struct Search {
    path: String,
    found: Option<String>,
}

/// Walks over a value without keeping anything of it but the path.
struct Walk<'a>(&'a mut Search);

impl Walk<'_> {
    fn inside<Outcome>(
        &mut self,
        segment: &str,
        walk: impl FnOnce(Walk<'_>) -> Outcome,
    ) -> Outcome {
        let length = self.0.path.len();
        push(&mut self.0.path, segment);
        let outcome = walk(Walk(self.0));
        self.0.path.truncate(length);
        outcome
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let mut index = 0_usize;
        loop {
            let segment = index.to_string();
            let item = self.inside(&segment, |walk| items.next_element_seed(walk))?;
            if item.is_none() {
                return Ok(());
            }
            index += 1;
        }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut fields: A) -> Result<(), A::Error> {
        while let Some(name) = fields.next_key::<Cow<'de, str>>()? {
            self.inside(&name, |walk| {
                if walk.0.found.is_none() && is_session_name(&name) {
                    walk.0.found = Some(walk.0.path.clone());
                }
                fields.next_value_seed(walk)
            })?;
        }
        Ok(())
    }
}
