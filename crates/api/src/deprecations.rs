//! Operations that will go away. A row here makes every answer of the operation say so, and the operation must be
//! marked in the document, too; it stays for at least half a year.

use axum::http::{HeaderValue, Method};
use jiff::Timestamp;

/// An operation that will go away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deprecation {
    /// The operation's method.
    pub(crate) method: Method,
    /// Its route, with the names of its parameters.
    pub(crate) path: &'static str,
    /// Since when it should not be used any more, as seconds since 1970.
    pub(crate) since: i64,
    /// From when on it will not answer any more.
    pub(crate) sunset: i64,
}

/// None so far.
pub(crate) const DEPRECATIONS: &[Deprecation] = &[];

impl Deprecation {
    /// `Deprecation` by RFC 9745.
    pub(crate) fn since_header(&self) -> HeaderValue {
        HeaderValue::try_from(format!("@{}", self.since)).expect("digits are ASCII")
    }

    /// `Sunset` by RFC 8594.
    pub(crate) fn sunset_header(&self) -> HeaderValue {
        let at = Timestamp::from_second(self.sunset).expect("a point in time");
        let text = at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        HeaderValue::try_from(text).expect("a date is ASCII")
    }
}

#[cfg(test)]
mod tests {
    use super::{DEPRECATIONS, Deprecation};
    use crate::documents;
    use axum::http::Method;
    use serde_json::{Value, json};
    use std::time::Duration;

    /// Shortest time between the announcement and the end.
    const NOTICE: Duration = Duration::from_hours(24 * 182);

    const OLD: Deprecation = Deprecation {
        method: Method::GET,
        path: "/v1/things",
        since: 1_800_000_000,
        sunset: 1_820_000_000,
    };

    /// What is wrong with the rows, by the document that clients read.
    fn faults(rows: &[Deprecation], document: &Value) -> Vec<String> {
        let mut faults = Vec::new();
        for row in rows {
            let method = row.method.as_str().to_lowercase();
            let operation = &document["paths"][row.path][&method];
            let name = format!("{} {}", row.method, row.path);
            if operation.is_null() {
                faults.push(format!("{name}: there is no such operation"));
            } else if operation["deprecated"] != true {
                faults.push(format!(
                    "{name}: the document does not mark it as deprecated"
                ));
            }
            let notice = u64::try_from(row.sunset - row.since).unwrap_or(0);
            if Duration::from_secs(notice) < NOTICE {
                faults.push(format!(
                    "{name}: it ends less than half a year after it was announced"
                ));
            }
        }
        faults
    }

    #[test]
    fn what_is_announced_is_there_marked_and_stays_long_enough() {
        let document = serde_json::from_str(&documents::openapi_json()).unwrap();
        assert_eq!(faults(DEPRECATIONS, &document), Vec::<String>::new());
    }

    #[test]
    fn rows_that_do_not_fit_the_document_are_found() {
        let marked = json!({"paths": {"/v1/things": {"get": {"deprecated": true}}}});
        assert_eq!(faults(&[OLD], &marked), Vec::<String>::new());
        let unmarked = json!({"paths": {"/v1/things": {"get": {}}}});
        assert_eq!(faults(&[OLD], &unmarked).len(), 1);
        assert_eq!(faults(&[OLD], &json!({})).len(), 1);
        let hasty = Deprecation {
            sunset: OLD.since + 86_400,
            ..OLD
        };
        assert_eq!(faults(&[hasty], &marked).len(), 1);
    }

    #[test]
    fn the_headers_have_the_forms_of_their_rules() {
        assert_eq!(OLD.since_header(), "@1800000000");
        assert_eq!(OLD.sunset_header(), "Fri, 03 Sep 2027 19:33:20 GMT");
    }
}
