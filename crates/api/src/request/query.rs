//! Query strings. An unknown or repeated parameter is refused, on every route: a misspelt one would
//! otherwise be silently ignored.

use crate::problem::{Fault, Problem};
use crate::state::ApiState;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::collections::BTreeMap;

/// Longest name that is repeated to the client, in characters.
const NAME_LENGTH_MAX: usize = 64;

/// The texts of the known parameters.
pub(crate) struct QueryTexts(BTreeMap<&'static str, String>);

impl QueryTexts {
    /// The text of a parameter.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A parameter that is `true` or `false`; the latter when absent.
    pub(crate) fn flag(&self, name: &'static str) -> Result<bool, Problem> {
        match self.get(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => {
                let fault = Fault::in_query(name, "must be `true` or `false`");
                Err(Problem::invalid(vec![fault]))
            }
        }
    }
}

/// What a route takes from its query.
pub(crate) trait ReadQuery: Sized {
    /// The parameters it knows.
    const NAMES: &'static [&'static str];
    /// Reads them.
    fn read(texts: &QueryTexts) -> Result<Self, Problem>;
}

/// The parsed query of a route.
pub(crate) struct QueryOf<Shape>(pub(crate) Shape);

/// No parameter at all.
pub(crate) struct NoQuery;

impl ReadQuery for NoQuery {
    const NAMES: &'static [&'static str] = &[];

    fn read(_: &QueryTexts) -> Result<Self, Problem> {
        Ok(Self)
    }
}

impl<Shape: ReadQuery> FromRequestParts<ApiState> for QueryOf<Shape> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, Problem> {
        let texts = split(parts.uri.query().unwrap_or_default(), Shape::NAMES)?;
        Shape::read(&texts).map(Self)
    }
}

fn split(query: &str, names: &[&'static str]) -> Result<QueryTexts, Problem> {
    let mut texts = BTreeMap::new();
    for (name, text) in form_urlencoded::parse(query.as_bytes()) {
        let Some(known) = names.iter().find(|known| **known == name) else {
            let shown: String = name.chars().take(NAME_LENGTH_MAX).collect();
            return Err(Problem::malformed(Fault::in_query(
                shown,
                "is not known here",
            )));
        };
        if texts.insert(*known, text.into_owned()).is_some() {
            return Err(Problem::malformed(Fault::in_query(
                *known,
                "is given twice",
            )));
        }
    }
    Ok(QueryTexts(texts))
}
