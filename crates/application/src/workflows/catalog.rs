//! Which workflow belongs to which kind of job, and how the documentation shows it.

use super::clone_environment::CloneWorkflow;
use super::delete_environment::DeletionWorkflow;
use super::payloads::DecodeError;
use super::provision_environment::ProvisionWorkflow;
use super::step::{Action, ProofClass, Undo, Workflow, WorkflowStep};
use super::{
    change_environment, install_addon, mbadmin, restart_environment, run_script, search_replace,
    switch_environment, sync_team,
};
use domain::job::{EncodedData, Job, JobKind};

#[cfg(test)]
mod tests;

/// A step as the documentation shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepDescription {
    /// Its name.
    pub name: String,
    /// Its class of proof; `None` for a read.
    pub proof: Option<ProofClass>,
    /// How it is taken back, or why not.
    pub undo: String,
}

/// A workflow as the documentation shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkflowDescription {
    /// The kind of job.
    pub kind: JobKind,
    /// Its steps.
    pub steps: Vec<StepDescription>,
}

/// All workflows of this build.
#[derive(Debug, Clone, Copy)]
pub struct WorkflowCatalog;

impl WorkflowCatalog {
    /// The kinds that this build can run, each with the highest version it knows.
    pub fn runnable_kinds() -> Vec<(JobKind, i32)> {
        JobKind::ALL
            .iter()
            .map(|kind| (*kind, kind.version()))
            .collect()
    }

    pub(crate) fn workflow_of(job: &Job) -> Result<Box<dyn Workflow>, DecodeError> {
        workflow(job.kind, &job.payload)
    }

    /// Every workflow with its steps, for the documentation.
    pub fn descriptions() -> Vec<WorkflowDescription> {
        let describe = |kind: &JobKind| WorkflowDescription {
            kind: *kind,
            steps: example_workflow(*kind)
                .steps()
                .iter()
                .map(describe_step)
                .collect(),
        };
        JobKind::ALL.iter().map(describe).collect()
    }
}

fn workflow(kind: JobKind, payload: &EncodedData) -> Result<Box<dyn Workflow>, DecodeError> {
    Ok(match kind {
        JobKind::EnvironmentProvision => Box::new(ProvisionWorkflow::of(payload)?),
        JobKind::EnvironmentClone => Box::new(CloneWorkflow::of(payload)?),
        JobKind::EnvironmentDelete => Box::new(DeletionWorkflow::of(payload)?),
        JobKind::EnvironmentStart | JobKind::EnvironmentStop | JobKind::EnvironmentSleep => {
            Box::new(switch_environment::of(kind))
        }
        JobKind::EnvironmentRestart => Box::new(restart_environment::restart(payload)?),
        JobKind::EnvironmentRedeploy => Box::new(restart_environment::redeploy(payload)?),
        JobKind::TopologyChange => Box::new(change_environment::change_topology(payload)?),
        JobKind::CloudletsSet => Box::new(change_environment::set_cloudlets(payload)?),
        JobKind::GroupAttach => Box::new(change_environment::attach_group(payload)?),
        JobKind::GroupDetach => Box::new(change_environment::detach_group(payload)?),
        JobKind::GroupSet => Box::new(change_environment::set_group(payload)?),
        JobKind::MountAdd | JobKind::MountRemove => Box::new(change_environment::mount(payload)?),
        JobKind::DomainBind => Box::new(change_environment::bind_domain(payload, true)?),
        JobKind::DomainUnbind => Box::new(change_environment::bind_domain(payload, false)?),
        JobKind::VariablesAdd => Box::new(change_environment::add_variables(payload)?),
        JobKind::VariablesReplace => Box::new(change_environment::replace_variables(payload)?),
        JobKind::VariablesRemove => Box::new(change_environment::remove_variables(payload)?),
        JobKind::AddonInstall => Box::new(install_addon::of(payload)?),
        JobKind::AddonUninstall => Box::new(install_addon::uninstall(payload)?),
        JobKind::MbadminInstall => Box::new(mbadmin::of_installation(payload)?),
        JobKind::MbadminRun => Box::new(mbadmin::of_action(payload)?),
        JobKind::SearchReplaceCount => Box::new(search_replace::of_count(payload)?),
        JobKind::SearchReplaceRun => Box::new(search_replace::of(payload)?),
        JobKind::PasswordReset => Box::new(change_environment::reset_password(payload)?),
        JobKind::ScriptRun => Box::new(run_script::of(payload)?),
        JobKind::TeamSync => Box::new(sync_team::SyncWorkflow::new()),
    })
}

/// A payload with one of everything, as it is stored.
fn example(kind: JobKind) -> EncodedData {
    let text = match kind {
        JobKind::EnvironmentProvision => {
            r#"{"layers":[],"package":{"source":"","node_group":null,"settings":{}},"addons":["sftp"]}"#
        }
        JobKind::EnvironmentClone => r#"{"source":"shop-abc123","source_appid":""}"#,
        JobKind::EnvironmentDelete => r#"{"appid":"","state_before":"running"}"#,
        JobKind::EnvironmentStart
        | JobKind::EnvironmentStop
        | JobKind::EnvironmentSleep
        | JobKind::TeamSync => "{}",
        JobKind::EnvironmentRestart => r#"{"targets":[{"layer":"cp"}],"is_of_containers":false}"#,
        JobKind::EnvironmentRedeploy => {
            r#"{"target":{"layer":"cp"},"version":"1","keeps_volumes":true}"#
        }
        JobKind::TopologyChange => r#"{"layers":[]}"#,
        JobKind::CloudletsSet => r#"{"node":1,"reserved":1,"limit":8}"#,
        JobKind::GroupAttach | JobKind::GroupDetach | JobKind::GroupSet => r#"{"group":"clients"}"#,
        JobKind::MountAdd => {
            r#"{"node":1,"path":"/data","source":{"node":2,"path":"/data","name":null,"is_read_only":true}}"#
        }
        JobKind::MountRemove => r#"{"node":1,"path":"/data","source":null}"#,
        JobKind::DomainBind | JobKind::DomainUnbind => r#"{"domain":"shop.example.com"}"#,
        JobKind::VariablesAdd | JobKind::VariablesReplace => r#"{"node":1,"sealed":[]}"#,
        JobKind::VariablesRemove => r#"{"node":1,"names":["DEBUG"]}"#,
        JobKind::AddonInstall => r#"{"addon":"sftp"}"#,
        JobKind::AddonUninstall => r#"{"addon":"sftp","unique_name":""}"#,
        JobKind::MbadminInstall => r#"{"source":"","node_group":null,"settings":{}}"#,
        JobKind::MbadminRun => r#"{"installation":"","action":"redis.flush","parameters":[]}"#,
        JobKind::SearchReplaceCount | JobKind::SearchReplaceRun => {
            r#"{"search":"a","replacement":"b"}"#
        }
        JobKind::PasswordReset => r#"{"node":1,"of":"root","sealed":[]}"#,
        JobKind::ScriptRun => r#"{"script":"warm-up"}"#,
    };
    EncodedData(text.to_owned())
}

/// The workflow of the kind with one of everything.
fn example_workflow(kind: JobKind) -> Box<dyn Workflow> {
    workflow(kind, &example(kind)).expect("every example is readable")
}

fn describe_step(step: &WorkflowStep) -> StepDescription {
    let (proof, undo) = match &step.action {
        Action::Read(_) => (None, "nothing to take back: it only reads".to_owned()),
        Action::Mutate {
            forward,
            undo: Undo::With(undo),
        } => (
            Some(forward.proof()),
            format!("written; class of proof: {}", undo.proof().as_str()),
        ),
        Action::Mutate {
            forward,
            undo: Undo::CoveredBy(reason),
        } => (Some(forward.proof()), format!("covered: {reason}")),
        Action::Mutate {
            forward,
            undo: Undo::Pivot(reason),
        } => (Some(forward.proof()), format!("no way back: {reason}")),
    };
    StepDescription {
        name: step.name.clone(),
        proof,
        undo,
    }
}
