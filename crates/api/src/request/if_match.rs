//! The `If-Match` header: a change of exactly what the client has read.

use crate::entity_tag::version_in;
use crate::problem::{Fault, Problem};
use axum::extract::FromRequestParts;
use axum::http::header::IF_MATCH;
use axum::http::request::Parts;

/// No version is this one.
const OF_NOTHING: i64 = -1;

/// The version that a change is to be made to; none without the header, or with `*`.
pub(crate) struct ExpectedVersion(pub(crate) Option<i64>);

impl<State: Sync> FromRequestParts<State> for ExpectedVersion {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Self, Problem> {
        let mut values = parts.headers.get_all(IF_MATCH).iter();
        let Some(value) = values.next() else {
            return Ok(Self(None));
        };
        let is_list = |text: &str| text.contains(',');
        match value.to_str() {
            Ok(text) if values.next().is_none() && !is_list(text) => {
                let is_any = text.trim() == "*";
                // A tag that is not ours fits nothing.
                let version = version_in(text.trim()).unwrap_or(OF_NOTHING);
                Ok(Self((!is_any).then_some(version)))
            }
            _ => {
                let rule = "must be one entity tag, or `*`";
                Err(Problem::invalid(vec![Fault::in_header("If-Match", rule)]))
            }
        }
    }
}
