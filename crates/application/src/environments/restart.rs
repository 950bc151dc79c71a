//! Asking for a restart or a redeployment.

use crate::UseCaseError;
use crate::authorisation::demand;
use crate::job_acceptance::{AcceptedJob, EnvironmentTarget, JobAcceptance};
use crate::workflows::payloads::{RedeployPayload, RestartPayload, StoredTarget};
use domain::access::{Actor, Permission};
use domain::error_code::ErrorCode;
use domain::ids::NodeId;
use domain::job::JobKind;
use domain::names::NodeGroup;
use domain::ports::{NodeTarget, RedeploySpec};

#[cfg(test)]
mod tests;

/// A part of an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnvironmentPart {
    /// One node.
    Node(NodeId),
    /// Every node of a layer.
    Layer(NodeGroup),
}

/// What to restart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestartEnvironmentCommand {
    /// The environment.
    pub target: EnvironmentTarget,
    /// Which part of it; every layer, one after the other, when absent.
    pub part: Option<EnvironmentPart>,
    /// The containers themselves, or only the services in them.
    pub is_of_containers: bool,
}

/// Accepts the wish for a restart.
#[derive(Clone)]
pub struct RestartEnvironment {
    /// Accepting jobs.
    pub acceptance: JobAcceptance,
}

impl RestartEnvironment {
    /// Demands `env.restart`. Idempotent by the key. The environment must run.
    #[tracing::instrument(name = "usecase.environments.restart_environment", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        command: RestartEnvironmentCommand,
    ) -> Result<AcceptedJob, UseCaseError> {
        let target = &command.target;
        let authorised = demand(actor, target.team_id, Permission::EnvironmentRestart)?;
        let targets = match &command.part {
            Some(part) => vec![self.acceptance.platform_part(target, part).await?],
            None => self.acceptance.platform_layers(target).await?,
        };
        let payload = RestartPayload {
            targets: targets.iter().map(StoredTarget::of).collect(),
            is_of_containers: command.is_of_containers,
        };
        let kind = JobKind::EnvironmentRestart;
        self.acceptance
            .accept_about(authorised, target, kind, &payload)
            .await
    }
}

/// What to redeploy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedeployEnvironmentCommand {
    /// The environment.
    pub target: EnvironmentTarget,
    /// Which part of it.
    pub part: EnvironmentPart,
    /// With what.
    pub spec: RedeploySpec,
}

/// Accepts the wish for a redeployment.
#[derive(Clone)]
pub struct RedeployEnvironment {
    /// Accepting jobs.
    pub acceptance: JobAcceptance,
}

impl RedeployEnvironment {
    /// Demands `env.redeploy`. Idempotent by the key. The environment must run.
    #[tracing::instrument(name = "usecase.environments.redeploy_environment", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        command: RedeployEnvironmentCommand,
    ) -> Result<AcceptedJob, UseCaseError> {
        let target = &command.target;
        let authorised = demand(actor, target.team_id, Permission::EnvironmentRedeploy)?;
        let part = self.acceptance.platform_part(target, &command.part).await?;
        let payload = RedeployPayload::new(&part, &command.spec);
        let kind = JobKind::EnvironmentRedeploy;
        self.acceptance
            .accept_about(authorised, target, kind, &payload)
            .await
    }
}

impl JobAcceptance {
    async fn platform_part(
        &self,
        target: &EnvironmentTarget,
        part: &EnvironmentPart,
    ) -> Result<NodeTarget, UseCaseError> {
        match part {
            EnvironmentPart::Node(node) => {
                let (team, id) = (target.team_id, target.environment_id);
                let node = self.platform_node(team, id, *node).await?;
                Ok(NodeTarget::Node(node))
            }
            EnvironmentPart::Layer(layer) => {
                let wanted = NodeTarget::Layer(layer.clone());
                let layers = self.platform_layers(target).await?;
                if layers.contains(&wanted) {
                    return Ok(wanted);
                }
                Err(UseCaseError::new(
                    ErrorCode::NodeNotFound,
                    format!("the environment has no layer `{layer}`"),
                ))
            }
        }
    }

    /// Every layer of which nodes are known.
    async fn platform_layers(
        &self,
        target: &EnvironmentTarget,
    ) -> Result<Vec<NodeTarget>, UseCaseError> {
        let (team, id) = (target.team_id, target.environment_id);
        let found = self.read_model.find_environment(team, id).await?;
        let nodes = found.ok_or_else(UseCaseError::not_found)?.nodes;
        let mut layers: Vec<_> = nodes.into_iter().map(|node| node.node_group).collect();
        layers.sort();
        layers.dedup();
        if layers.is_empty() {
            return Err(UseCaseError::new(
                ErrorCode::NodeNotFound,
                "no nodes of the environment are known yet",
            ));
        }
        Ok(layers.into_iter().map(NodeTarget::Layer).collect())
    }
}
