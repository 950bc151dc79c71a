//! Entity tags: what an answer said, in a few characters, so that a client can ask whether it still holds.

use axum::Json;
use axum::http::HeaderValue;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// Of the keyed hash, in bytes: too few to make two answers alike, enough that nobody meets two by chance.
const HASH_LENGTH: usize = 16;

/// The version of the row that an answer shows. It stands at the beginning of the answer's tag, and a change that
/// brings the tag along is made only to that version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowVersion(pub(crate) i64);

/// A view of a row whose version clients may insist on.
pub(crate) struct Versioned<View> {
    version: i64,
    view: View,
}

impl<View> Versioned<View> {
    /// What is shown of a row that has that version.
    pub(crate) fn of<Row: Into<View>>(version: i64, row: Row) -> Self {
        Self {
            version,
            view: row.into(),
        }
    }
}

impl<View: Serialize> IntoResponse for Versioned<View> {
    fn into_response(self) -> Response {
        let mut response = Json(self.view).into_response();
        response.extensions_mut().insert(RowVersion(self.version));
        response
    }
}

/// The strong tag of an answer, from its row's version, if it has one, and a keyed hash of its body.
pub(crate) fn entity_tag(version: Option<RowVersion>, hash: &[u8]) -> HeaderValue {
    let version = version.map(|RowVersion(version)| format!("{version}-"));
    let version = version.unwrap_or_default();
    let hash: Vec<_> = hash
        .iter()
        .take(HASH_LENGTH)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let tag = format!("\"{version}{}\"", hash.concat());
    HeaderValue::try_from(tag).expect("digits and quotes are ASCII")
}

/// The version in a strong tag of ours.
pub(crate) fn version_in(tag: &str) -> Option<i64> {
    let inside = tag.strip_prefix('"')?.strip_suffix('"')?;
    let (version, _) = inside.split_once('-')?;
    version.parse().ok()
}

/// Whether one of the tags in a list such as `"a", W/"b"` is this one; weak ones count like strong ones, and `*` is
/// any.
pub(crate) fn is_listed(list: &str, tag: &str) -> bool {
    list.split(',')
        .map(str::trim)
        .any(|listed| listed == "*" || listed.strip_prefix("W/").unwrap_or(listed) == tag)
}

#[cfg(test)]
mod tests {
    use super::{RowVersion, entity_tag, is_listed, version_in};

    #[test]
    fn a_tag_has_version_and_hash() {
        let hash = [0xab; 32];
        let tag = entity_tag(Some(RowVersion(7)), &hash);
        let text = tag.to_str().unwrap();
        assert_eq!(text, format!("\"7-{}\"", "ab".repeat(16)));
        assert_eq!(version_in(text), Some(7));
        let tag = entity_tag(None, &hash);
        assert_eq!(version_in(tag.to_str().unwrap()), None);
    }

    #[test]
    fn only_tags_of_ours_have_a_version() {
        for text in ["7-ab", "\"7ab\"", "\"x-ab\"", "W/\"7-ab\"", "\"\"", "*"] {
            assert_eq!(version_in(text), None, "{text}");
        }
    }

    #[test]
    fn a_tag_is_found_in_a_list() {
        for list in [
            "\"a\"",
            "\"b\", \"a\"",
            "W/\"a\"",
            "*",
            "\"b\",W/\"a\" , \"c\"",
        ] {
            assert!(is_listed(list, "\"a\""), "{list}");
        }
        for list in ["", "\"b\"", "a", "\"a"] {
            assert!(!is_listed(list, "\"a\""), "{list}");
        }
    }
}
