#![doc = include_str!("../README.md")]

mod cursor;
mod deprecations;
pub mod documents;
mod entity_tag;
mod event_stream;
mod middleware;
mod problem;
mod rate_limits;
mod refusals;
mod request;
mod router;
mod serve;
mod settings;
mod state;
mod use_cases;
mod v1;
mod web;

pub use rate_limits::{RateLimits, RateQuotas};
pub use refusals::write_refusals;
pub use router::router;
pub use serve::{IdentityError, ServeOptions, ServerIdentity, serve};
pub use settings::{ApiSettings, ReadinessCheck};
pub use use_cases::{
    CapacityUseCases, EnvironmentChanges, GovernanceUseCases, JobUseCases, LogUseCases,
    PeopleUseCases, SoftwareUseCases, SyncUseCases, TeamPorts, TeamUseCases, UseCases,
    WebhookUseCases,
};
pub use v1::ExportLines;
