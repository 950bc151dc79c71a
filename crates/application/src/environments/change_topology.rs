//! Asking for other layers, or another size of a node.

use crate::UseCaseError;
use crate::authorisation::demand;
use crate::job_acceptance::{AcceptedJob, EnvironmentTarget, JobAcceptance};
use crate::workflows::payloads::{CloudletsPayload, TopologyPayload};
use domain::access::{Actor, Permission};
use domain::error_code::ErrorCode;
use domain::ids::NodeId;
use domain::job::JobKind;
use domain::ports::{Cloudlets, LayerSpec};
use std::collections::BTreeSet;

#[cfg(test)]
mod tests;

/// What the layers shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeTopologyCommand {
    /// The environment.
    pub target: EnvironmentTarget,
    /// All layers. One that is left out is removed with its data.
    pub layers: Vec<LayerSpec>,
}

/// Accepts the wish for other layers.
#[derive(Clone)]
pub struct ChangeTopology {
    /// Accepting jobs.
    pub acceptance: JobAcceptance,
}

impl ChangeTopology {
    /// Demands `topology.manage`. Idempotent by the key. The environment must stand.
    #[tracing::instrument(name = "usecase.environments.change_topology", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        command: ChangeTopologyCommand,
    ) -> Result<AcceptedJob, UseCaseError> {
        let (target, layers) = (&command.target, &command.layers);
        let authorised = demand(actor, target.team_id, Permission::TopologyManage)?;
        let invalid = |detail| Err(invalid("/layers", detail));
        if layers.is_empty() {
            return invalid("must not be empty; an environment without layers is a deleted one");
        }
        let names: BTreeSet<_> = layers.iter().map(|layer| &layer.node_group).collect();
        if names.len() < layers.len() {
            return invalid("must name every layer once");
        }
        let is_possible = |layer: &LayerSpec| {
            layer.count > 0 && layer.cloudlets_reserved <= layer.cloudlets_limit
        };
        if !layers.iter().all(is_possible) {
            return invalid("must have nodes, and reserve no more cloudlets than the limit");
        }
        let payload = TopologyPayload::new(layers);
        let kind = JobKind::TopologyChange;
        self.acceptance
            .accept_about(authorised, target, kind, &payload)
            .await
    }
}

/// How large a node shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetCloudletsCommand {
    /// The environment.
    pub target: EnvironmentTarget,
    /// The node.
    pub node: NodeId,
    /// Its size.
    pub cloudlets: Cloudlets,
}

/// Accepts the wish for another size.
#[derive(Clone)]
pub struct SetCloudlets {
    /// Accepting jobs.
    pub acceptance: JobAcceptance,
}

impl SetCloudlets {
    /// Demands `topology.manage`. Idempotent by the key. The environment must stand.
    #[tracing::instrument(name = "usecase.environments.set_cloudlets", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        command: SetCloudletsCommand,
    ) -> Result<AcceptedJob, UseCaseError> {
        let target = &command.target;
        let authorised = demand(actor, target.team_id, Permission::TopologyManage)?;
        if command.cloudlets.reserved > command.cloudlets.limit {
            let detail = "must reserve no more cloudlets than the limit";
            return Err(invalid("/reserved", detail));
        }
        let (team, id) = (target.team_id, target.environment_id);
        let node = self
            .acceptance
            .platform_node(team, id, command.node)
            .await?;
        let payload = CloudletsPayload::new(node, command.cloudlets);
        self.acceptance
            .accept_about(authorised, target, JobKind::CloudletsSet, &payload)
            .await
    }
}

fn invalid(pointer: &'static str, detail: &str) -> UseCaseError {
    UseCaseError::new(ErrorCode::ValidationFailed, detail).at(pointer)
}
