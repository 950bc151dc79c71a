//! The documents that are made from the code: the OpenAPI description and the list of error codes.
//! They are committed under `docs/`, and a test compares them.

mod errors;
mod openapi;
mod problem_responses;

pub use errors::errors_markdown;
pub use openapi::openapi_json;
pub(crate) use problem_responses::{CountedProblems, PublicProblems, ReadProblems, WriteProblems};
