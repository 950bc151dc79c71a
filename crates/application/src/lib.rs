#![doc = include_str!("../README.md")]

mod account_policy;
pub mod addons;
pub mod authenticate;
mod authorisation;
pub mod blueprint;
mod credential_custody;
pub mod environments;
mod job_acceptance;
pub mod jobs;
pub mod keys;
pub mod people;
pub mod platform_accounts;
pub mod platform_sessions;
#[cfg(test)]
mod sample;
mod use_case_error;
pub mod workflows;

pub use account_policy::{AccountPolicy, Registration};
pub use credential_custody::CredentialCustody;
pub use job_acceptance::{AcceptedJob, EnvironmentTarget, JobAcceptance};
pub use use_case_error::UseCaseError;
