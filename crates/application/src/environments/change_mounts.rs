//! Asking for a shared folder on a node, or for its removal.

use crate::UseCaseError;
use crate::authorisation::demand;
use crate::job_acceptance::{AcceptedJob, EnvironmentTarget, JobAcceptance};
use crate::workflows::payloads::MountPayload;
use domain::access::{Actor, Permission};
use domain::ids::{EnvironmentId, NodeId};
use domain::job::JobKind;
use domain::names::{FolderPath, MountName};
use domain::ports::MountPointSpec;

#[cfg(test)]
mod tests;

/// The folder that is shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MountSource {
    /// The environment that has it; another one of the team, or the same.
    pub environment_id: EnvironmentId,
    /// The node that has it.
    pub node: NodeId,
    /// The folder there.
    pub path: FolderPath,
    /// What people call it.
    pub name: Option<MountName>,
    /// Whether nothing can be written through it.
    pub is_read_only: bool,
}

/// What shall appear where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeMountsCommand {
    /// The environment.
    pub target: EnvironmentTarget,
    /// The node.
    pub node: NodeId,
    /// The path there.
    pub path: FolderPath,
    /// The folder that shall appear; nothing shall when absent.
    pub source: Option<MountSource>,
}

/// Accepts wishes about shared folders.
#[derive(Clone)]
pub struct ChangeMounts {
    /// Accepting jobs.
    pub acceptance: JobAcceptance,
}

impl ChangeMounts {
    /// Demands `mount.manage`. Idempotent by the key. The environment must run. Whether something
    /// else is mounted there is found out by the job.
    #[tracing::instrument(name = "usecase.environments.change_mounts", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        command: ChangeMountsCommand,
    ) -> Result<AcceptedJob, UseCaseError> {
        let (target, acceptance) = (&command.target, &self.acceptance);
        let team = target.team_id;
        let authorised = demand(actor, team, Permission::MountManage)?;
        let node = acceptance
            .platform_node(team, target.environment_id, command.node)
            .await?;
        let (kind, payload) = match command.source {
            None => {
                let payload = MountPayload::removing(node, &command.path);
                (JobKind::MountRemove, payload)
            }
            Some(source) => {
                let source_node = acceptance
                    .platform_node(team, source.environment_id, source.node)
                    .await?;
                let spec = MountPointSpec {
                    path: command.path,
                    source_node,
                    source_path: source.path,
                    name: source.name,
                    is_read_only: source.is_read_only,
                };
                (JobKind::MountAdd, MountPayload::adding(node, &spec))
            }
        };
        acceptance
            .accept_about(authorised, target, kind, &payload)
            .await
    }
}
