//! One place of a request that is at fault.

use serde::Serialize;
use utoipa::ToSchema;

/// Which part of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FaultLocation {
    /// The JSON body.
    Body,
    /// The path.
    Path,
    /// The query string.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
}

/// One place of the request that is at fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Fault {
    /// Which part of the request.
    #[serde(rename = "in")]
    location: FaultLocation,
    /// In the body, a JSON pointer (RFC 6901); elsewhere, the name of the parameter, header or cookie.
    #[schema(example = "/name")]
    pointer: String,
    /// What is wrong there.
    #[schema(example = "is required")]
    detail: String,
}

impl Fault {
    pub(crate) fn new(
        location: FaultLocation,
        pointer: impl Into<String>,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            location,
            pointer: pointer.into(),
            detail: detail.into(),
        }
    }

    /// A field of the body.
    pub(crate) fn in_body(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(FaultLocation::Body, pointer, detail)
    }

    /// A query parameter.
    pub(crate) fn in_query(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(FaultLocation::Query, name, detail)
    }

    /// A header.
    pub(crate) fn in_header(name: &str, detail: impl Into<String>) -> Self {
        Self::new(FaultLocation::Header, name, detail)
    }

    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    /// The place in words.
    pub(crate) fn name(&self) -> String {
        match self.location {
            FaultLocation::Body if self.pointer.is_empty() => "the body".to_owned(),
            FaultLocation::Body => format!("`{}`", self.pointer),
            FaultLocation::Path => format!("`{}` in the path", self.pointer),
            FaultLocation::Query => format!("the query parameter `{}`", self.pointer),
            FaultLocation::Header => format!("the header `{}`", self.pointer),
            FaultLocation::Cookie => format!("the cookie `{}`", self.pointer),
        }
    }
}
