//! Use cases about environments.

mod change_domains;
mod change_groups;
mod change_mounts;
mod change_topology;
mod change_variables;
mod check_domain;
mod clone;
mod delete;
mod get;
mod list;
mod list_domains;
mod list_groups;
mod list_variables;
mod provision;
mod rename;
mod reset_password;
mod restart;
mod run_script;
mod search_replace;
mod switch;

pub use crate::workflows::payloads::PasswordOf;
pub use change_domains::{ChangeDomains, ChangeDomainsCommand, DomainChange};
pub use change_groups::{ChangeGroups, ChangeGroupsCommand, GroupChange};
pub use change_mounts::{ChangeMounts, ChangeMountsCommand, MountSource};
pub use change_topology::{
    ChangeTopology, ChangeTopologyCommand, SetCloudlets, SetCloudletsCommand,
};
pub use change_variables::{ChangeVariables, ChangeVariablesCommand, VariablesChange};
pub use check_domain::{CheckDomain, CheckedDomain};
pub(crate) use clone::plan_clone;
pub use clone::{CloneEnvironment, CloneEnvironmentCommand};
pub use delete::DeleteEnvironment;
pub(crate) use delete::plan_deletion;
pub use get::GetEnvironment;
pub use list::ListEnvironments;
pub(crate) use list::all_living;
pub use list_domains::{BoundDomains, ListDomains};
pub use list_groups::{EnvironmentGroup, ListGroups};
pub use list_variables::{ListVariables, ListedVariable};
pub use provision::{ProvisionEnvironment, ProvisionEnvironmentCommand};
pub use rename::{RenameEnvironment, RenameEnvironmentCommand};
pub use reset_password::{ResetPassword, ResetPasswordCommand};
pub use restart::{
    EnvironmentPart, RedeployEnvironment, RedeployEnvironmentCommand, RestartEnvironment,
    RestartEnvironmentCommand,
};
pub use run_script::RunScript;
pub use search_replace::{RunSearchReplace, SearchReplaceCommand};
pub use switch::{Switch, SwitchEnvironment};
