//! One aggregate per file: its private row, the way between row and entity, and the store of a
//! transaction. What reads need too is `pub(crate)`.

pub(crate) mod access;
pub(crate) mod api_tokens;
pub(crate) mod audit;
mod email_links;
pub(crate) mod environments;
pub(crate) mod findings;
mod idempotency;
pub(crate) mod installations;
pub(crate) mod invitations;
pub(crate) mod jobs;
pub(crate) mod keys;
mod login_throttles;
pub(crate) mod memberships;
pub(crate) mod nodes;
pub(crate) mod ownership_offers;
pub(crate) mod pauses;
pub(crate) mod platform_accounts;
pub(crate) mod platform_sessions;
mod reconciliation;
pub(crate) mod recovery_codes;
pub(crate) mod roles;
pub(crate) mod syncs;
mod team_deletions;
pub(crate) mod team_events;
pub(crate) mod teams;
pub(crate) mod token_hashes;
pub(crate) mod user_sessions;
mod users;
pub(crate) mod webhooks;
