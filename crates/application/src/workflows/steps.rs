//! The steps that workflows are made of, one per file.

mod blind;
mod blind_calls;
mod check_short_domain;
mod clone_environment;
mod compare_with_platform;
mod create_environment;
mod delete_environment;
mod desired_state;
mod domain_binding;
mod group;
mod guarded;
mod install_software;
mod layers;
mod mount;
mod node_size;
mod power;
mod record_projection;
mod seen;
mod set_display_name;
mod set_password;
mod shown_name;
mod uninstall_software;
mod variables;
mod wait_until_running;

use super::context::JobContext;
use super::refusal::{failure_without_answer, not_done_after_read};
use super::step::NotDone;
use domain::error_code::ErrorCode;
use domain::ports::ObservedEnvironment;

pub(crate) use blind::{Blind, BlindCall, blind};
pub(crate) use blind_calls::{
    CreateBackup, Redeploy, Restart, RestoreBackup, RunMbadminAction, RunScript,
};
pub(crate) use check_short_domain::CheckShortDomain;
pub(crate) use clone_environment::{CheckSource, CloneEnvironment};
pub(crate) use compare_with_platform::{COMPARE, CompareWithPlatform};
pub(crate) use create_environment::CreateEnvironment;
pub(crate) use delete_environment::DeleteEnvironment;
pub(crate) use desired_state::{DesiredState, Reach, desired};
pub(crate) use domain_binding::DomainBinding;
pub(crate) use group::Grouping;
pub(crate) use guarded::{find_master_node, guarded};
pub(crate) use install_software::{InstallSoftware, Installable, install};
pub(crate) use layers::Layers;
pub(crate) use mount::Mount;
pub(crate) use node_size::NodeSize;
pub(crate) use power::Power;
pub(crate) use record_projection::RecordProjection;
pub(crate) use seen::SeenEnvironment;
pub(crate) use set_display_name::SetDisplayName;
pub(crate) use set_password::SetPassword;
pub(crate) use shown_name::ShownName;
pub(crate) use uninstall_software::UninstallSoftware;
pub(crate) use variables::{Variables, VariablesWish};
pub(crate) use wait_until_running::WaitUntilRunning;

/// The name of the step that creates an environment; later steps read its output.
pub(crate) const CREATE_ENVIRONMENT: &str = "create_environment";

/// The environment of the job, as the platform shows it.
pub(crate) async fn find_environment(
    context: &JobContext<'_>,
) -> Result<ObservedEnvironment, NotDone> {
    let found = context
        .platform
        .environments()
        .observe_environment(&context.reference, &context.environment().short_domain)
        .await
        .map_err(|error| not_done_after_read(&error, context.settings))?;
    found.ok_or_else(|| {
        NotDone::Failed(failure_without_answer(
            ErrorCode::EnvironmentBroken,
            "the environment has disappeared from the platform",
        ))
    })
}
