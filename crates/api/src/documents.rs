//! The documents that are made from the code: the OpenAPI description, the list of error codes and the
//! table of permissions.
//! They are committed under `docs/`, and a test compares them.

mod errors;
mod forms;
mod openapi;
mod permissions;
mod problem_responses;

pub use errors::errors_markdown;
pub use openapi::openapi_json;
pub use permissions::permissions_markdown;
pub(crate) use problem_responses::{PublicProblems, ReadProblems, VersionProblems, WriteProblems};
