#![doc = include_str!("../README.md")]

pub mod addons;
pub mod administration;
pub mod audit;
pub mod authenticate;
mod authorisation;
pub mod blueprint;
mod credential_custody;
pub mod environments;
mod job_acceptance;
pub mod jobs;
pub mod platform_accounts;
pub mod platform_sessions;
pub mod refusals;
#[cfg(test)]
mod sample;
mod step_up;
mod use_case_error;
pub mod workflows;

pub use credential_custody::CredentialCustody;
pub use job_acceptance::{AcceptedJob, EnvironmentTarget, JobAcceptance};
pub use use_case_error::UseCaseError;
