//! What a step is: a read or a mutation, with the ways it can end.

use super::context::JobContext;
use super::payloads::DecodeError;
use super::settings::WorkflowSettings;
use super::{install_addon, provision_environment};
use async_trait::async_trait;
use domain::job::journal::StepAttempt;
use domain::job::{EncodedData, Job, JobEvent, JobFailure, JobKind, WaitReason};
use domain::ports::{HeldTransaction, MutationTicket, StoreError, UnclearAnswer};
use std::time::Duration;

#[cfg(test)]
mod tests;

/// How it is found out whether a mutation happened when its answer was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofClass {
    /// By a name and a mark that only this attempt can have left.
    Named,
    /// By reading the state it wanted.
    DesiredState,
    /// By comparing with what was there before.
    Observable,
}

impl ProofClass {
    /// The text form, for documentation.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::DesiredState => "desired state",
            Self::Observable => "observable",
        }
    }
}

/// A step that is not done, and what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NotDone {
    /// It surely did not happen and will not: the job fails and is undone.
    Failed(JobFailure),
    /// Not now; look again later.
    Later {
        reason: WaitReason,
        after: Duration,
        detail: String,
    },
    /// The truth cannot be found out; a person decides.
    Attention { detail: String },
}

/// What a step gave, for later steps.
pub(crate) type Output = Option<EncodedData>;

/// How sending a mutation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sent {
    Done(Output),
    /// It surely did not happen.
    NotDone(NotDone),
    /// It may have happened.
    InDoubt {
        reason: String,
        answer: Option<UnclearAnswer>,
    },
}

/// What was found out about a mutation in doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Settled {
    /// It happened.
    Done(Output),
    /// It surely did not happen, and never will.
    NotApplied,
    /// Not known yet; the findings are kept, look again after the poll interval.
    Unknown,
}

/// A step that only reads. Safe to repeat at will.
#[async_trait]
pub(crate) trait ReadStep: Send + Sync {
    async fn read(&self, context: &JobContext<'_>) -> Result<Output, NotDone>;

    /// The effect on our own data, in the transaction that writes the step down as done.
    async fn record(
        &self,
        _context: &JobContext<'_>,
        _transaction: &mut dyn HeldTransaction,
        _output: Option<&EncodedData>,
    ) -> Result<(), StoreError> {
        Ok(())
    }
}

/// A step that changes something on the platform. Its intent is committed before it is sent.
#[async_trait]
pub(crate) trait MutationStep: Send + Sync {
    fn proof(&self) -> ProofClass;

    /// How long the platform may take to answer.
    fn answer_within(&self, settings: &WorkflowSettings) -> Duration;

    /// What is installed before, for observable steps.
    async fn installed_before(
        &self,
        _context: &JobContext<'_>,
    ) -> Result<Option<Vec<String>>, NotDone> {
        Ok(None)
    }

    async fn send(&self, context: &JobContext<'_>, ticket: MutationTicket) -> Sent;

    /// Finds out what became of the last of these attempts, all of this step and direction.
    async fn settle(
        &self,
        context: &JobContext<'_>,
        attempts: &[&StepAttempt],
        findings: &mut super::payloads::Findings,
    ) -> Result<Settled, NotDone>;

    /// The effect on our own data, in the transaction that writes the step down as done.
    async fn record(
        &self,
        _context: &JobContext<'_>,
        _transaction: &mut dyn HeldTransaction,
        _output: Option<&EncodedData>,
    ) -> Result<(), StoreError> {
        Ok(())
    }
}

/// How a step is taken back.
pub(crate) enum Undo {
    With(Box<dyn MutationStep>),
    /// There is nothing to take back, and why.
    ForwardOnly(&'static str),
}

/// What a step does.
pub(crate) enum Action {
    Read(Box<dyn ReadStep>),
    Mutate {
        forward: Box<dyn MutationStep>,
        undo: Undo,
    },
}

/// One step of a workflow.
pub(crate) struct WorkflowStep {
    pub(crate) name: String,
    pub(crate) action: Action,
}

impl WorkflowStep {
    pub(crate) fn read(name: impl Into<String>, step: impl ReadStep + 'static) -> Self {
        Self {
            name: name.into(),
            action: Action::Read(Box::new(step)),
        }
    }

    pub(crate) fn mutate(
        name: impl Into<String>,
        forward: impl MutationStep + 'static,
        undo: Undo,
    ) -> Self {
        Self {
            name: name.into(),
            action: Action::Mutate {
                forward: Box::new(forward),
                undo,
            },
        }
    }
}

/// The steps of one job, and what its end means for our own data.
#[async_trait]
pub(crate) trait Workflow: Send + Sync {
    fn steps(&self) -> &[WorkflowStep];

    /// The effect of the job's end, in the transaction that brings it to rest.
    async fn end(
        &self,
        context: &JobContext<'_>,
        transaction: &mut dyn HeldTransaction,
        event: JobEvent,
    ) -> Result<(), StoreError>;
}

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
        match job.kind {
            JobKind::EnvironmentProvision => {
                provision_environment::ProvisionWorkflow::of(&job.payload)
                    .map(|workflow| Box::new(workflow) as Box<dyn Workflow>)
            }
            JobKind::AddonInstall => install_addon::InstallAddonWorkflow::of(&job.payload)
                .map(|workflow| Box::new(workflow) as Box<dyn Workflow>),
        }
    }

    /// Every workflow with its steps, for the documentation.
    pub fn descriptions() -> Vec<WorkflowDescription> {
        let describe = |kind, workflow: &dyn Workflow| WorkflowDescription {
            kind,
            steps: workflow.steps().iter().map(describe_step).collect(),
        };
        vec![
            describe(
                JobKind::EnvironmentProvision,
                &provision_environment::ProvisionWorkflow::example(),
            ),
            describe(
                JobKind::AddonInstall,
                &install_addon::InstallAddonWorkflow::example(),
            ),
        ]
    }
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
            undo: Undo::ForwardOnly(reason),
        } => (Some(forward.proof()), format!("forward only: {reason}")),
    };
    StepDescription {
        name: step.name.clone(),
        proof,
        undo,
    }
}
