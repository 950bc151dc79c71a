//! Which problems an operation can answer with, by kind of operation.

use crate::problem::PROBLEM_MEDIA_TYPE;
use std::collections::BTreeMap;
use utoipa::IntoResponses;
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};

const MALFORMED: (&str, &str) = ("400", "The request cannot be read, or a header is missing.");
const UNAUTHENTICATED: (&str, &str) = ("401", "No credential, or one that is not good.");
const FORBIDDEN: (&str, &str) = ("403", "The credential lacks the permission.");
const NOT_FOUND: (&str, &str) = (
    "404",
    "There is no such resource, or the caller may not know that there is.",
);
const CONFLICT: (&str, &str) = ("409", "The present state does not allow it.");
const CHANGED_MEANWHILE: (&str, &str) = (
    "412",
    "It was changed since it had the tag in `If-Match`; read it again.",
);
const TOO_LARGE: (&str, &str) = ("413", "The body is too large.");
const MEDIA_TYPE: (&str, &str) = ("415", "The body is not `application/json`.");
const INVALID: (&str, &str) = (
    "422",
    "A value is not acceptable; `errors` points to it. Session keys are never accepted.",
);
const TOO_MANY: (&str, &str) = (
    "429",
    "Too many requests or attempts; `Retry-After` says when to try again.",
);
const INTERNAL: (&str, &str) = ("500", "A fault of Windlass.");
const UNAVAILABLE: (&str, &str) = (
    "503",
    "Something does not answer just now; `Retry-After` says when to try again.",
);

/// Of an operation that anybody may call.
pub(crate) struct PublicProblems;

/// Of an operation that reads.
pub(crate) struct ReadProblems;

/// Of an operation that changes something.
pub(crate) struct WriteProblems;

/// Of an operation that may be told which version it is to change.
pub(crate) struct VersionProblems;

impl IntoResponses for PublicProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses(&[MALFORMED, INVALID, TOO_MANY, INTERNAL, UNAVAILABLE])
    }
}

impl IntoResponses for ReadProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut all = responses(&[
            MALFORMED,
            UNAUTHENTICATED,
            FORBIDDEN,
            NOT_FOUND,
            INVALID,
            TOO_MANY,
            INTERNAL,
            UNAVAILABLE,
        ]);
        let known = "`If-None-Match` names the tag of what would be answered; there is no body.";
        let known = ResponseBuilder::new().description(known).build();
        all.insert("304".to_owned(), RefOr::T(known));
        all
    }
}

impl IntoResponses for WriteProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses(&[
            MALFORMED,
            UNAUTHENTICATED,
            FORBIDDEN,
            NOT_FOUND,
            CONFLICT,
            TOO_LARGE,
            MEDIA_TYPE,
            INVALID,
            TOO_MANY,
            INTERNAL,
            UNAVAILABLE,
        ])
    }
}

impl IntoResponses for VersionProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut all = WriteProblems::responses();
        all.extend(responses(&[CHANGED_MEANWHILE]));
        all
    }
}

fn responses(rows: &[(&str, &str)]) -> BTreeMap<String, RefOr<Response>> {
    rows.iter()
        .map(|(status, description)| {
            let schema = Ref::from_schema_name("Problem");
            let response = ResponseBuilder::new()
                .description(*description)
                .content(PROBLEM_MEDIA_TYPE, Content::new(Some(schema)))
                .build();
            ((*status).to_owned(), RefOr::T(response))
        })
        .collect()
}
