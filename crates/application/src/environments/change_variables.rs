//! Asking for variables of a container. Their values are sealed before they are stored.

use crate::authorisation::demand;
use crate::job_acceptance::{
    AcceptedJob, EnvironmentTarget, JobAcceptance, JobDraft, PlannedJob, standing_environment,
    team_key, usable_account,
};
use crate::workflows::payloads::{
    RemoveVariablesPayload, SealedVariables, SetVariablesPayload, encode,
};
use crate::{CredentialCustody, UseCaseError};
use async_trait::async_trait;
use domain::access::{Actor, Permission};
use domain::environment::PlatformNodeId;
use domain::error_code::ErrorCode;
use domain::ids::{JobId, NodeId};
use domain::job::JobKind;
use domain::names::VariableName;
use domain::ports::Transaction;
use domain::{SecretText, limits};
use std::collections::{BTreeMap, BTreeSet};

#[cfg(test)]
mod tests;

/// What to do with variables.
pub enum VariablesChange {
    /// Add these or overwrite them; leave others alone.
    Add(BTreeMap<VariableName, SecretText>),
    /// Have exactly these.
    Replace(BTreeMap<VariableName, SecretText>),
    /// Remove these.
    Remove(BTreeSet<VariableName>),
}

/// Which variables of which node.
pub struct ChangeVariablesCommand {
    /// The environment.
    pub target: EnvironmentTarget,
    /// The node.
    pub node: NodeId,
    /// What to do.
    pub change: VariablesChange,
}

/// Accepts wishes about variables.
#[derive(Clone)]
pub struct ChangeVariables {
    /// Accepting jobs.
    pub acceptance: JobAcceptance,
    /// Seals values.
    pub custody: CredentialCustody,
}

impl ChangeVariables {
    /// Demands `variables.manage`. Idempotent by the key and the names: a repeated request with other
    /// values is answered with the first one's job, because values are no part of what is remembered.
    #[tracing::instrument(name = "usecase.environments.change_variables", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        command: ChangeVariablesCommand,
    ) -> Result<AcceptedJob, UseCaseError> {
        let target = &command.target;
        let authorised = demand(actor, target.team_id, Permission::VariablesManage)?;
        let (team, id) = (target.team_id, target.environment_id);
        let (kind, variables) = match &command.change {
            VariablesChange::Add(variables) => (JobKind::VariablesAdd, variables),
            VariablesChange::Replace(variables) => (JobKind::VariablesReplace, variables),
            VariablesChange::Remove(names) => {
                let node = self
                    .acceptance
                    .platform_node(team, id, command.node)
                    .await?;
                let payload = RemoveVariablesPayload::new(node, names);
                let kind = JobKind::VariablesRemove;
                return self
                    .acceptance
                    .accept_about(authorised, target, kind, &payload)
                    .await;
            }
        };
        check_values(variables)?;
        let node = self
            .acceptance
            .platform_node(team, id, command.node)
            .await?;
        let names: Vec<_> = variables.keys().map(VariableName::as_str).collect();
        let content = format!("{}\n{}", command.node, names.join("\n"));
        let draft = Draft {
            target,
            kind,
            node,
            variables,
            custody: &self.custody,
        };
        let request = target.request(authorised, kind, &content);
        self.acceptance.accept(request, &draft).await
    }
}

/// The platform keeps variables in a file that its own tools read line by line.
fn check_values(variables: &BTreeMap<VariableName, SecretText>) -> Result<(), UseCaseError> {
    let is_fit = |value: &SecretText| {
        value.expose().len() <= limits::VARIABLE_VALUE_BYTES_MAX
            && !value.expose().chars().any(char::is_control)
    };
    if variables.is_empty() || !variables.values().all(is_fit) {
        return Err(UseCaseError::new(
            ErrorCode::ValidationFailed,
            "must hold variables, each with a value of at most 4096 bytes without control characters",
        )
        .at("/variables"));
    }
    Ok(())
}

struct Draft<'a> {
    target: &'a EnvironmentTarget,
    kind: JobKind,
    node: PlatformNodeId,
    variables: &'a BTreeMap<VariableName, SecretText>,
    custody: &'a CredentialCustody,
}

#[async_trait]
impl JobDraft for Draft<'_> {
    async fn plan(
        &self,
        transaction: &mut dyn Transaction,
        job: JobId,
    ) -> Result<PlannedJob, UseCaseError> {
        let (team, id) = (self.target.team_id, self.target.environment_id);
        standing_environment(transaction, team, id, self.kind).await?;
        usable_account(transaction, team).await?;
        let key = team_key(transaction, team).await?;
        let text = SealedVariables::write(self.variables);
        let sealed = self.custody.seal_job_secret(&key, job, team, &text)?;
        let payload = encode(&SetVariablesPayload {
            node: self.node.0,
            sealed: SealedVariables::of(sealed),
        })?;
        Ok(PlannedJob::about(self.kind, team, id, payload))
    }
}
