//! Which workflow belongs to which kind of job, and how the documentation shows it.

use super::clone_environment::CloneWorkflow;
use super::delete_environment::DeletionWorkflow;
use super::payloads::DecodeError;
use super::provision_environment::ProvisionWorkflow;
use super::rename_environment::RenamingWorkflow;
use super::step::{Action, ProofClass, Undo, Workflow, WorkflowStep};
use super::{
    back_up_environment, change_environment, install_addon, mbadmin, restart_environment,
    run_script, search_replace, switch_environment, sync_team,
};
use domain::job::{EncodedData, Job, JobKind};

mod markdown;
mod notes;
#[cfg(test)]
mod tests;

pub use markdown::kinds_markdown;

/// A step as the documentation shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepDescription {
    /// Its name in the example.
    pub name: String,
    /// Its name with a placeholder for what the job decides.
    pub shown_name: String,
    /// What it does.
    pub does: &'static str,
    /// Its class of proof; `None` for a read.
    pub proof: Option<ProofClass>,
    /// How it is taken back, or why not.
    pub undo: UndoDescription,
}

/// How a step is taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UndoDescription {
    /// It only reads.
    Nothing,
    /// By a step of its own.
    Written {
        /// What that step does.
        does: &'static str,
        /// Its class of proof.
        proof: ProofClass,
    },
    /// Nothing has to be done, and why.
    Covered(&'static str),
    /// Not at all, and why.
    NoWayBack(&'static str),
}

/// A workflow as the documentation shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkflowDescription {
    /// The kind of job.
    pub kind: JobKind,
    /// The turns it takes.
    pub turns: Vec<&'static str>,
    /// What else is to be known about the kind.
    pub notes: &'static str,
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
        JobKind::ALL.iter().map(|kind| describe(*kind)).collect()
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
        JobKind::DisplayNameSet => Box::new(RenamingWorkflow::of(payload)?),
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
        JobKind::BackupCreate => Box::new(back_up_environment::create(payload)?),
        JobKind::BackupRestore => Box::new(back_up_environment::restore(payload)?),
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
        JobKind::EnvironmentDelete => r#"{"appid":"","state_before":"running","backup":""}"#,
        JobKind::EnvironmentStart
        | JobKind::EnvironmentStop
        | JobKind::EnvironmentSleep
        | JobKind::TeamSync => "{}",
        JobKind::EnvironmentRestart => r#"{"targets":[{"layer":"cp"}],"is_of_containers":false}"#,
        JobKind::EnvironmentRedeploy => {
            r#"{"target":{"layer":"cp"},"version":"1","keeps_volumes":true}"#
        }
        JobKind::TopologyChange => r#"{"layers":[]}"#,
        JobKind::DisplayNameSet => r#"{"display_name":"The shop"}"#,
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
        JobKind::BackupCreate => r#"{"installation":""}"#,
        JobKind::BackupRestore => r#"{"installation":"","snapshot":"1"}"#,
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

fn describe(kind: JobKind) -> WorkflowDescription {
    let workflow = example_workflow(kind);
    let mut turns = Vec::new();
    if kind.takes_the_teams_turn() {
        turns.push("team");
    }
    if workflow.is_about_an_environment() {
        turns.push("environment");
    }
    if kind == JobKind::EnvironmentClone {
        turns.push("the environment that is copied");
    }
    WorkflowDescription {
        kind,
        turns,
        notes: notes::notes_on(kind),
        steps: workflow.steps().iter().map(describe_step).collect(),
    }
}

fn describe_step(step: &WorkflowStep) -> StepDescription {
    let (does, proof, undo) = match &step.action {
        Action::Read(read) => (read.does(), None, UndoDescription::Nothing),
        Action::Mutate { forward, undo } => {
            let undo = match undo {
                Undo::With(undo) => UndoDescription::Written {
                    does: undo.does(),
                    proof: undo.proof(),
                },
                Undo::CoveredBy(reason) => UndoDescription::Covered(reason),
                Undo::Pivot(reason) => UndoDescription::NoWayBack(reason),
            };
            (forward.does(), Some(forward.proof()), undo)
        }
    };
    StepDescription {
        name: step.name.clone(),
        shown_name: step.shown_name.unwrap_or(&step.name).to_owned(),
        does,
        proof,
        undo,
    }
}
