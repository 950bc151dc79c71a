//! Reading requests. Everything a client can send is parsed here, once, and what cannot be read is a
//! [`crate::problem::Problem`] that points at the place.

mod body;
mod caller;
mod fields;
mod idempotency;
mod json_fault;
mod page;
mod path;
mod prefer;
mod query;
mod secret_field;
pub(crate) mod session_keys;

pub(crate) use body::{JsonBody, NoBody};
pub(crate) use caller::{Caller, PeerAddress, RequestContext};
pub(crate) use fields::FieldFaults;
pub(crate) use idempotency::RequiredIdempotencyKey;
pub(crate) use page::PageQuery;
pub(crate) use path::{EnvironmentPath, JobPath, TeamPath};
pub(crate) use prefer::{Wait, wait_of};
pub(crate) use query::{NoQuery, QueryOf, QueryTexts, ReadQuery};
pub(crate) use secret_field::SecretField;
