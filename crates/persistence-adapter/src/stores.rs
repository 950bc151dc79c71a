//! One aggregate per file: its private row, the way between row and entity, and the store of a
//! transaction. What reads need too is `pub(crate)`.

pub(crate) mod api_tokens;
pub(crate) mod audit;
pub(crate) mod environments;
mod idempotency;
pub(crate) mod installations;
pub(crate) mod jobs;
pub(crate) mod nodes;
pub(crate) mod platform_accounts;
pub(crate) mod platform_sessions;
mod teams;
