//! The use cases whose requests become jobs about an environment that exists. All are built of the same
//! three things.

use application::environments::{
    ChangeDomains, ChangeGroups, ChangeMounts, ChangeTopology, ChangeVariables, CloneEnvironment,
    DeleteEnvironment, RedeployEnvironment, RenameEnvironment, ResetPassword, RestartEnvironment,
    RunScript, RunSearchReplace, SetCloudlets, SwitchEnvironment,
};
use application::{CredentialCustody, JobAcceptance};
use domain::ports::HostingPlatform;
use std::sync::Arc;

/// Accept wishes about environments that exist.
#[derive(Clone)]
pub struct EnvironmentChanges {
    /// Accepts the wish for a copy of an environment.
    pub clone_environment: CloneEnvironment,
    /// Accepts the wish to delete an environment.
    pub delete_environment: DeleteEnvironment,
    /// Accepts the wish for another name.
    pub rename_environment: RenameEnvironment,
    /// Accepts the wish to start, stop or put to sleep.
    pub switch_environment: SwitchEnvironment,
    /// Accepts the wish for a restart.
    pub restart_environment: RestartEnvironment,
    /// Accepts the wish for a redeployment.
    pub redeploy_environment: RedeployEnvironment,
    /// Accepts the wish for other layers.
    pub change_topology: ChangeTopology,
    /// Accepts the wish for another size of a node.
    pub set_cloudlets: SetCloudlets,
    /// Accepts wishes about groups.
    pub change_groups: ChangeGroups,
    /// Accepts wishes about domains.
    pub change_domains: ChangeDomains,
    /// Accepts wishes about shared folders.
    pub change_mounts: ChangeMounts,
    /// Accepts wishes about variables of containers.
    pub change_variables: ChangeVariables,
    /// Accepts the wish for a new password of a node.
    pub reset_password: ResetPassword,
    /// Accepts the wish to search and replace in a database.
    pub search_replace: RunSearchReplace,
    /// Accepts the wish to run a mapped script.
    pub run_script: RunScript,
}

impl EnvironmentChanges {
    /// Builds them. The platform is only asked what configuration maps on it.
    pub fn new(
        acceptance: &JobAcceptance,
        custody: &CredentialCustody,
        platform: &Arc<dyn HostingPlatform>,
    ) -> Self {
        let acceptance = || acceptance.clone();
        Self {
            clone_environment: CloneEnvironment {
                acceptance: acceptance(),
            },
            delete_environment: DeleteEnvironment {
                acceptance: acceptance(),
                platform: Arc::clone(platform),
            },
            rename_environment: RenameEnvironment {
                acceptance: acceptance(),
            },
            switch_environment: SwitchEnvironment {
                acceptance: acceptance(),
            },
            restart_environment: RestartEnvironment {
                acceptance: acceptance(),
            },
            redeploy_environment: RedeployEnvironment {
                acceptance: acceptance(),
            },
            change_topology: ChangeTopology {
                acceptance: acceptance(),
            },
            set_cloudlets: SetCloudlets {
                acceptance: acceptance(),
            },
            change_groups: ChangeGroups {
                acceptance: acceptance(),
            },
            change_domains: ChangeDomains {
                acceptance: acceptance(),
            },
            change_mounts: ChangeMounts {
                acceptance: acceptance(),
            },
            change_variables: ChangeVariables {
                acceptance: acceptance(),
                custody: custody.clone(),
            },
            reset_password: ResetPassword {
                acceptance: acceptance(),
                custody: custody.clone(),
            },
            search_replace: RunSearchReplace {
                acceptance: acceptance(),
            },
            run_script: RunScript {
                acceptance: acceptance(),
            },
        }
    }
}
