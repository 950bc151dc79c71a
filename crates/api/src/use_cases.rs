//! What the entrypoint calls: the use cases, and the few ports that HTTP itself needs. `server`
//! builds it; nothing here knows an adapter.

mod capacity_use_cases;
mod environment_changes;
mod governance;
mod job_use_cases;
mod log_use_cases;
mod people;
mod software_use_cases;
mod sync_use_cases;
mod team_use_cases;
mod webhook_use_cases;

use application::authenticate::Authenticate;
use application::environments::{
    GetEnvironment, ListEnvironments, ListVariables, ProvisionEnvironment,
};
use application::platform_accounts::{ConnectPlatformAccount, GetPlatformAccount};
use application::team_events::ListTeamEvents;
use domain::ports::{Clock, EventBus, IdSource};
use std::sync::Arc;

pub use capacity_use_cases::CapacityUseCases;
pub use environment_changes::EnvironmentChanges;
pub use governance::GovernanceUseCases;
pub use job_use_cases::JobUseCases;
pub use log_use_cases::LogUseCases;
pub use people::PeopleUseCases;
pub use software_use_cases::SoftwareUseCases;
pub use sync_use_cases::SyncUseCases;
pub use team_use_cases::{TeamPorts, TeamUseCases};
pub use webhook_use_cases::WebhookUseCases;

/// Everything that the routes call.
#[derive(Clone)]
pub struct UseCases {
    /// From a bearer token to an actor.
    pub authenticate: Authenticate,
    /// Accounts of people.
    pub people: PeopleUseCases,
    /// Takes a platform credential into custody.
    pub connect_platform_account: ConnectPlatformAccount,
    /// Shows the state of the platform account.
    pub get_platform_account: GetPlatformAccount,
    /// Custody and oversight.
    pub governance: GovernanceUseCases,
    /// Accepts the wish for an environment.
    pub provision_environment: ProvisionEnvironment,
    /// Accept wishes about environments that exist.
    pub changes: EnvironmentChanges,
    /// Teams, their people and who may do what.
    pub teams: TeamUseCases,
    /// Shows one environment.
    pub get_environment: GetEnvironment,
    /// Lists environments.
    pub list_environments: ListEnvironments,
    /// Lists the variables of a container.
    pub list_variables: ListVariables,
    /// What is installed in environments.
    pub software: SoftwareUseCases,
    /// Jobs.
    pub jobs: JobUseCases,
    /// Log files of nodes.
    pub logs: LogUseCases,
    /// What the platform has and gives.
    pub capacity: CapacityUseCases,
    /// Lists what happened in a team.
    pub list_team_events: ListTeamEvents,
    /// Webhooks, and what is sent to them.
    pub webhooks: WebhookUseCases,
    /// Comparing records with the platform.
    pub syncs: SyncUseCases,
    /// Wakes streams.
    pub event_bus: Arc<dyn EventBus>,
    /// Identifiers of requests.
    pub ids: Arc<dyn IdSource>,
    /// How long requests took.
    pub clock: Arc<dyn Clock>,
}
