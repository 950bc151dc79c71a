//! Asking for a domain to be bound to an environment, or taken off.

use crate::UseCaseError;
use crate::authorisation::demand;
use crate::job_acceptance::{AcceptedJob, EnvironmentTarget, JobAcceptance};
use crate::workflows::payloads::DomainPayload;
use domain::access::{Actor, Permission};
use domain::job::JobKind;
use domain::names::ExternalDomain;

#[cfg(test)]
mod tests;

/// What to do with a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DomainChange {
    /// Bind it.
    Bind,
    /// Take it off.
    Unbind,
}

/// Which domain of which environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeDomainsCommand {
    /// The environment.
    pub target: EnvironmentTarget,
    /// The domain.
    pub domain: ExternalDomain,
    /// What to do.
    pub change: DomainChange,
}

/// Accepts wishes about domains.
#[derive(Clone)]
pub struct ChangeDomains {
    /// Accepting jobs.
    pub acceptance: JobAcceptance,
}

impl ChangeDomains {
    /// Demands `domain.manage`. Idempotent by the key. The environment must stand. Whether somebody
    /// else has the domain is found out by the job.
    #[tracing::instrument(name = "usecase.environments.change_domains", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        command: ChangeDomainsCommand,
    ) -> Result<AcceptedJob, UseCaseError> {
        let target = &command.target;
        let authorised = demand(actor, target.team_id, Permission::DomainManage)?;
        let kind = match command.change {
            DomainChange::Bind => JobKind::DomainBind,
            DomainChange::Unbind => JobKind::DomainUnbind,
        };
        let payload = DomainPayload::new(&command.domain);
        self.acceptance
            .accept_about(authorised, target, kind, &payload)
            .await
    }
}
