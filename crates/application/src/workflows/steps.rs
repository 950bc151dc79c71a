//! The steps that workflows are made of, one per file.

mod check_short_domain;
mod create_environment;
mod delete_environment;
mod install_software;
mod record_projection;
mod set_display_name;
mod uninstall_software;
mod wait_until_running;

pub(crate) use check_short_domain::CheckShortDomain;
pub(crate) use create_environment::CreateEnvironment;
pub(crate) use delete_environment::DeleteEnvironment;
pub(crate) use install_software::{InstallSoftware, Installable};
pub(crate) use record_projection::RecordProjection;
pub(crate) use set_display_name::SetDisplayName;
pub(crate) use uninstall_software::UninstallSoftware;
pub(crate) use wait_until_running::WaitUntilRunning;

/// The name of the step that creates an environment; later steps read its output.
pub(crate) const CREATE_ENVIRONMENT: &str = "create_environment";
