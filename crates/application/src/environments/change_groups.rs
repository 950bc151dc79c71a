//! Asking for an environment to be in a group or not.

use crate::UseCaseError;
use crate::authorisation::demand;
use crate::job_acceptance::{AcceptedJob, EnvironmentTarget, JobAcceptance};
use crate::workflows::payloads::GroupPayload;
use domain::access::{Actor, Permission};
use domain::job::JobKind;
use domain::names::GroupName;

#[cfg(test)]
mod tests;

/// What to do with a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupChange {
    /// Put the environment into it, beside others.
    Attach,
    /// Take it out.
    Detach,
    /// Leave it in this one only.
    Set,
}

/// Which group of which environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeGroupsCommand {
    /// The environment.
    pub target: EnvironmentTarget,
    /// The group; made when it is missing.
    pub group: GroupName,
    /// What to do.
    pub change: GroupChange,
}

/// Accepts wishes about groups.
#[derive(Clone)]
pub struct ChangeGroups {
    /// Accepting jobs.
    pub acceptance: JobAcceptance,
}

impl ChangeGroups {
    /// Demands `group.manage`. Idempotent by the key. The environment must stand.
    #[tracing::instrument(name = "usecase.environments.change_groups", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        command: ChangeGroupsCommand,
    ) -> Result<AcceptedJob, UseCaseError> {
        let target = &command.target;
        let authorised = demand(actor, target.team_id, Permission::GroupManage)?;
        let kind = match command.change {
            GroupChange::Attach => JobKind::GroupAttach,
            GroupChange::Detach => JobKind::GroupDetach,
            GroupChange::Set => JobKind::GroupSet,
        };
        let payload = GroupPayload::new(&command.group);
        self.acceptance
            .accept_about(authorised, target, kind, &payload)
            .await
    }
}
