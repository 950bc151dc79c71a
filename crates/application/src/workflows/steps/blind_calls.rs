//! The calls that leave nothing to read: restarting, redeploying, actions of mbadmin, backups, scripts.

use super::BlindCall;
use crate::workflows::context::JobContext;
use async_trait::async_trait;
use domain::names::{ParameterName, ScriptName, SnapshotName};
use domain::ports::{MutationOutcome, MutationTicket, NodeTarget, RedeploySpec};
use domain::software::{CacheVerb, MbadminAction, PlatformUniqueName};

#[cfg(test)]
mod tests;

/// Restarts services or whole containers.
pub(crate) struct Restart {
    pub(crate) target: NodeTarget,
    pub(crate) is_of_containers: bool,
}

#[async_trait]
impl BlindCall for Restart {
    fn does(&self) -> &'static str {
        "restarts services, or the containers themselves"
    }

    async fn call(&self, context: &JobContext<'_>, ticket: MutationTicket) -> MutationOutcome<()> {
        let life_cycle = context.platform.life_cycle();
        let (account, short_domain) = (&context.reference, &context.environment().short_domain);
        if self.is_of_containers {
            life_cycle
                .restart_nodes(account, ticket, short_domain, &self.target)
                .await
        } else {
            life_cycle
                .restart_services(account, ticket, short_domain, &self.target)
                .await
        }
    }
}

/// Replaces containers by new ones.
pub(crate) struct Redeploy {
    pub(crate) target: NodeTarget,
    pub(crate) spec: RedeploySpec,
}

#[async_trait]
impl BlindCall for Redeploy {
    fn does(&self) -> &'static str {
        "replaces containers by new ones of a version"
    }

    async fn call(&self, context: &JobContext<'_>, ticket: MutationTicket) -> MutationOutcome<()> {
        let (account, short_domain) = (&context.reference, &context.environment().short_domain);
        context
            .platform
            .life_cycle()
            .redeploy(account, ticket, short_domain, &self.target, &self.spec)
            .await
    }
}

/// Runs an action of mbadmin.
pub(crate) struct RunMbadminAction {
    pub(crate) installation: PlatformUniqueName,
    pub(crate) action: MbadminAction,
    pub(crate) parameters: Vec<(ParameterName, String)>,
}

#[async_trait]
impl BlindCall for RunMbadminAction {
    fn does(&self) -> &'static str {
        "runs an action, with parameters or without"
    }

    async fn call(&self, context: &JobContext<'_>, ticket: MutationTicket) -> MutationOutcome<()> {
        let software = context.platform.software();
        let account = &context.reference;
        if self.parameters.is_empty() {
            return software
                .run_mbadmin_action(account, ticket, &self.installation, self.action)
                .await;
        }
        software
            .run_mbadmin_action_with_parameters(
                account,
                ticket,
                &self.installation,
                self.action,
                &self.parameters,
            )
            .await
    }

    fn harmless_to_repeat(&self) -> Option<&'static str> {
        match self.action.verb {
            CacheVerb::Enable | CacheVerb::Disable => {
                Some("what is on stays on, and what is off stays off")
            }
            CacheVerb::Flush => Some("what is empty stays empty"),
            // What parameters do is known to the package only.
            CacheVerb::Configure => None,
        }
    }
}

/// Has the backup add-on make a backup.
pub(crate) struct CreateBackup {
    pub(crate) installation: PlatformUniqueName,
}

#[async_trait]
impl BlindCall for CreateBackup {
    fn does(&self) -> &'static str {
        "has the backup add-on make a backup"
    }

    async fn call(&self, context: &JobContext<'_>, ticket: MutationTicket) -> MutationOutcome<()> {
        let software = context.platform.software();
        software
            .create_backup(&context.reference, ticket, &self.installation)
            .await
    }
}

/// Has the backup add-on bring back what a backup holds.
pub(crate) struct RestoreBackup {
    pub(crate) installation: PlatformUniqueName,
    pub(crate) snapshot: SnapshotName,
}

#[async_trait]
impl BlindCall for RestoreBackup {
    fn does(&self) -> &'static str {
        "has the backup add-on bring back what a backup holds"
    }

    async fn call(&self, context: &JobContext<'_>, ticket: MutationTicket) -> MutationOutcome<()> {
        let software = context.platform.software();
        let account = &context.reference;
        software
            .restore_backup(account, ticket, &self.installation, &self.snapshot)
            .await
    }
}

/// Runs a script that is stored on the platform.
pub(crate) struct RunScript(pub(crate) ScriptName);

#[async_trait]
impl BlindCall for RunScript {
    fn does(&self) -> &'static str {
        "runs a script that is stored on the platform and mapped by configuration"
    }

    async fn call(&self, context: &JobContext<'_>, ticket: MutationTicket) -> MutationOutcome<()> {
        let (account, short_domain) = (&context.reference, &context.environment().short_domain);
        context
            .platform
            .commands()
            .run_stored_script(account, ticket, short_domain, &self.0)
            .await
    }
}
