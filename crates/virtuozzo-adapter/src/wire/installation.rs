//! What is installed. The payload is inside `response`; public sources do not show its shape, so a
//! list, or an object that holds the list under one of the usual names, is accepted.

use super::{lenient, list};
use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor, value};
use serde::{Deserialize, Deserializer};
use std::fmt;

#[cfg(test)]
mod tests;

/// The names under which a list may stand.
const LIST_NAMES: [&str; 5] = ["apps", "objects", "array", "object", "response"];

/// One installation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct InstalledApp {
    #[serde(rename = "uniqueName", deserialize_with = "lenient::text")]
    pub(crate) unique_name: Option<String>,
    #[serde(rename = "appUniqueName", deserialize_with = "lenient::text")]
    pub(crate) app_unique_name: Option<String>,
    #[serde(rename = "envName", deserialize_with = "lenient::text")]
    pub(crate) env_name: Option<String>,
    #[serde(rename = "isInstalled", deserialize_with = "lenient::flag")]
    pub(crate) is_installed: Option<bool>,
}

impl InstalledApp {
    /// The platform's name for it.
    pub(crate) fn name(&self) -> Option<&str> {
        self.unique_name
            .as_deref()
            .or(self.app_unique_name.as_deref())
    }
}

#[derive(Deserialize)]
struct Elements(#[serde(deserialize_with = "list::list")] Vec<InstalledApp>);

/// All installations of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InstalledList(pub(crate) Vec<InstalledApp>);

struct InstalledListVisitor;

impl<'de> Visitor<'de> for InstalledListVisitor {
    type Value = InstalledList;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list, or an object that holds one")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<InstalledList, A::Error> {
        let elements = Vec::deserialize(value::SeqAccessDeserializer::new(list))?;
        Ok(InstalledList(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<InstalledList, A::Error> {
        let mut found = None;
        while let Some(key) = object.next_key::<String>()? {
            if key == "response" {
                found = Some(object.next_value::<InstalledList>()?.0);
            } else if found.is_none() && LIST_NAMES.contains(&key.as_str()) {
                found = Some(object.next_value::<Elements>()?.0);
            } else {
                object.next_value::<IgnoredAny>()?;
            }
        }
        // Without a list nothing is proven absent.
        found
            .map(InstalledList)
            .ok_or_else(|| A::Error::custom("the answer holds no list"))
    }
}

impl<'de> Deserialize<'de> for InstalledList {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(InstalledListVisitor)
    }
}
