//! What a step is: a read or a mutation, with the ways it can end.

use super::context::JobContext;
use super::payloads::Baseline;
use super::settings::WorkflowSettings;
use async_trait::async_trait;
use domain::job::journal::{Direction, StepAttempt};
use domain::job::{EncodedData, JobEvent, JobFailure, WaitReason};
use domain::ports::{HeldTransaction, MutationTicket, StoreError, UnclearAnswer};
use std::time::Duration;

/// How it is found out whether a mutation happened when its answer was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofClass {
    /// By a name and a mark that only this attempt can have left.
    Named,
    /// By reading the state it wanted.
    DesiredState,
    /// By comparing with what was there before.
    Observable,
    /// By asking again: a command that finds its own traces runs once and tells its result.
    Guarded,
    /// Not at all, unless the platform's tracking shows an end.
    Blind,
}

impl ProofClass {
    /// The text form, for documentation.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::DesiredState => "desired state",
            Self::Observable => "observable",
            Self::Guarded => "guarded",
            Self::Blind => "blind",
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
    /// Asking again does no harm and tells; the attempt stays in doubt until an answer comes.
    AskAgain,
}

/// A step that only reads. Safe to repeat at will.
#[async_trait]
pub(crate) trait ReadStep: Send + Sync {
    /// What it does, for the documentation: after the step's name, without a full stop, with the codes that
    /// it fails with.
    fn does(&self) -> &'static str;

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
    /// What it does, for the documentation; as an undo, how it takes the step back.
    fn does(&self) -> &'static str;

    fn proof(&self) -> ProofClass;

    /// How long the platform may take to answer.
    fn answer_within(&self, settings: &WorkflowSettings) -> Duration;

    /// What stands there before, for steps that are settled or taken back by comparing.
    async fn baseline(&self, _context: &JobContext<'_>) -> Result<Baseline, NotDone> {
        Ok(Baseline::default())
    }

    /// Why sending it twice does no harm, when it is blind and yet does none.
    fn harmless_to_repeat(&self) -> Option<&'static str> {
        None
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
    /// Nothing has to be done: the undo of an earlier step takes it along, or it is in nobody's way; and why.
    CoveredBy(&'static str),
    /// Once it has happened there is no way back, and why.
    Pivot(&'static str),
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
    /// How the documentation writes the name, when the job decides what stands in it.
    pub(crate) shown_name: Option<&'static str>,
    pub(crate) action: Action,
}

impl WorkflowStep {
    /// What changes something in this direction.
    pub(crate) fn mutation(&self, direction: Direction) -> Option<&dyn MutationStep> {
        match (&self.action, direction) {
            (Action::Mutate { forward, .. }, Direction::Forward) => Some(&**forward),
            (
                Action::Mutate {
                    undo: Undo::With(undo),
                    ..
                },
                Direction::Undo,
            ) => Some(&**undo),
            _ => None,
        }
    }

    /// Whether there is no way back once it has happened.
    pub(crate) fn is_pivot(&self) -> bool {
        matches!(
            self.action,
            Action::Mutate {
                undo: Undo::Pivot(_),
                ..
            }
        )
    }

    /// A step whose name depends on the job, as the documentation writes it: `install_<addon>`.
    pub(crate) fn shown_as(mut self, name: &'static str) -> Self {
        self.shown_name = Some(name);
        self
    }

    pub(crate) fn read(name: impl Into<String>, step: impl ReadStep + 'static) -> Self {
        Self {
            name: name.into(),
            shown_name: None,
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
            shown_name: None,
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

    /// Whether its job names an environment; otherwise it is about the whole team.
    fn is_about_an_environment(&self) -> bool {
        true
    }

    /// The effect of the job's end, in the transaction that brings it to rest. What a person has to
    /// look at is held.
    async fn end(
        &self,
        context: &JobContext<'_>,
        transaction: &mut dyn HeldTransaction,
        event: JobEvent,
    ) -> Result<(), StoreError> {
        if event == JobEvent::AttentionNeeded {
            hold_environment(context, transaction).await?;
        }
        Ok(())
    }
}

/// Keeps other jobs away from the environment until a person has looked.
pub(crate) async fn hold_environment(
    context: &JobContext<'_>,
    transaction: &mut dyn HeldTransaction,
) -> Result<(), StoreError> {
    let mut environment = context.environment().clone();
    environment.held_by = Some(context.job.id);
    transaction
        .environments()
        .update_environment(&environment)
        .await
}

/// Steps whose end means nothing more than what each of them has recorded.
pub(crate) struct Steps(pub(crate) Vec<WorkflowStep>);

impl Workflow for Steps {
    fn steps(&self) -> &[WorkflowStep] {
        &self.0
    }
}
