//! Reading requests. Everything a client can send is parsed here, once, and what cannot be read is a
//! [`crate::problem::Problem`] that points at the place.

mod any_credential;
mod body;
mod caller;
mod credential;
mod fields;
mod idempotency;
mod identified;
mod if_match;
mod json_fault;
mod operator;
mod page;
mod path;
mod prefer;
mod query;
mod rate;
mod secret_field;
pub(crate) mod session_keys;
mod signed_in;
mod target;
mod visitor;

pub(crate) use any_credential::AnyCredential;
pub(crate) use body::{JsonBody, NoBody};
pub(crate) use caller::{Caller, ClientAddress, RequestContext};
pub(crate) use credential::SESSION_COOKIE;
pub(crate) use fields::FieldFaults;
pub(crate) use idempotency::RequiredIdempotencyKey;
pub(crate) use identified::Identified;
pub(crate) use if_match::ExpectedVersion;
pub(crate) use json_fault::pointer_to;
pub(crate) use operator::OperatorSession;
pub(crate) use page::PageQuery;
pub(crate) use path::{
    AddonPath, ApiTokenPath, CacheActionPath, DomainPath, EnvironmentPath, InvitationPath, JobPath,
    MemberPath, NodePath, PlatformPath, RolePath, SessionPath, TeamPath, WebhookDeliveryPath,
    WebhookPath,
};
pub(crate) use prefer::{Wait, wait_of};
pub(crate) use query::{NoQuery, QueryOf, QueryTexts, ReadQuery};
pub(crate) use secret_field::{SecretField, SecretFields};
pub(crate) use signed_in::SignedIn;
pub(crate) use target::Target;
pub(crate) use visitor::Visitor;
