#![doc = include_str!("../README.md")]

mod account_policy;
pub mod addons;
pub mod administration;
pub mod api_tokens;
pub mod audit;
pub mod authenticate;
mod authorisation;
pub mod blueprint;
pub mod capacity;
mod credential_custody;
pub mod environments;
pub mod invitations;
mod job_acceptance;
pub mod jobs;
pub mod keys;
mod live_reads;
pub mod logs;
mod mail_throttle;
pub mod members;
pub mod operators;
pub mod ownership;
mod pauses;
pub mod people;
pub mod platform_accounts;
pub mod platform_sessions;
pub mod reconciliation;
pub mod refusals;
pub mod retention;
pub mod roles;
#[cfg(test)]
mod sample;
mod step_up;
mod team_changes;
pub mod team_events;
pub mod teams;
mod use_case_error;
pub mod webhooks;
pub mod workflows;

pub use account_policy::{AccountPolicy, Registration};
pub use credential_custody::CredentialCustody;
pub use job_acceptance::{AcceptedJob, EnvironmentTarget, JobAcceptance};
pub use live_reads::{LiveReads, ReadBudget};
pub use pauses::KnownPlatforms;
pub use team_changes::TeamChanges;
pub use use_case_error::UseCaseError;
