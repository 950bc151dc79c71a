//! Use cases about the API tokens of a team.

mod create;
mod get;
mod list;
mod revoke;

pub use create::{CreateApiToken, CreateApiTokenCommand, NewApiToken};
pub use get::GetApiToken;
pub use list::ListApiTokens;
pub use revoke::RevokeApiToken;
