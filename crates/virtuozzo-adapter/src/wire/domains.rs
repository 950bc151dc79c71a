//! Domains that are bound to an environment.

use super::{lenient, list};
use serde::Deserialize;

#[cfg(test)]
mod tests;

/// What `getextdomains` answers.
#[derive(Debug, Deserialize)]
pub(crate) struct DomainList {
    /// Required: without it nothing is proven absent.
    #[serde(rename = "extDomains", deserialize_with = "list::list")]
    pub(crate) domains: Vec<DomainElement>,
}

/// One domain: an object, or its bare name as in the environment's own list.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum DomainElement {
    /// Its name.
    Name(String),
    /// The object.
    Fields(DomainFields),
}

/// One domain's object.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DomainFields {
    #[serde(deserialize_with = "lenient::text")]
    pub(crate) domain: Option<String>,
    #[serde(rename = "sslEnabled", deserialize_with = "lenient::flag")]
    pub(crate) has_certificate: Option<bool>,
}

impl From<DomainElement> for DomainFields {
    fn from(element: DomainElement) -> Self {
        match element {
            DomainElement::Name(name) => Self {
                domain: Some(name),
                has_certificate: None,
            },
            DomainElement::Fields(fields) => fields,
        }
    }
}
