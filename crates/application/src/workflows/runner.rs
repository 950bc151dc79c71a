//! Carries out one claimed job, step by step, until it comes to rest or gives its worker back.
//!
//! The order is always the same: commit the intent, make the call, commit what came of it together
//! with its effect. No transaction is open while the platform is called.

mod ending;
mod late_call;
mod observing;
mod pausing;
mod performing;
mod pivot;
mod putting_off;
mod rights;
mod settling;
#[cfg(test)]
mod tests;
mod transactions;

use super::catalog::WorkflowCatalog;
use super::context::JobContext;
use super::journal::Journal;
use super::lease::{Lease, StopSignal};
use super::plan::{self, Next};
use super::settings::WorkflowSettings;
use super::step::Workflow;
use crate::CredentialCustody;
use domain::crash_point::{self, CrashPoint, Moment};
use domain::error_code::ErrorCode;
use domain::job::journal::{AttemptState, Direction};
use domain::job::{Job, JobEvent, JobState, WaitReason};
use domain::limits;
use domain::planted::{self, Fault};
use domain::platform_account::PlatformAccountState;
use domain::ports::{
    BoxedSource, ClaimedJob, Clock, EventBus, HoldError, HostingPlatform, IdSource, JobQueue,
    Observer, ReadModel, StoreError, TeamLock, UnitOfWork,
};
use std::sync::Arc;
use std::time::Duration;
use tracing::Instrument as _;

/// How a run ended without an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunEnd {
    /// The job came to rest in this state; its turns are free.
    AtRest(JobState),
    /// The job gives its worker back and will be due again.
    GivenBack,
}

/// Why a run was broken off. Nothing more is written; the journal tells the next holder the truth.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Somebody else holds the job.
    #[error("the job is held by somebody else")]
    HoldLost,
    /// The store failed; what was being written is not stored.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// The store may or may not have what was being written.
    #[error("whether a commit took effect is unknown")]
    CommitUnknown(#[source] BoxedSource),
}

impl RunError {
    /// Whether the store did not answer. Then the job is as good as any: nothing in it went wrong.
    pub fn is_outage(&self) -> bool {
        matches!(
            self,
            Self::CommitUnknown(_) | Self::Store(StoreError::Unavailable(_) | StoreError::Busy)
        )
    }
}

impl From<HoldError> for RunError {
    fn from(error: HoldError) -> Self {
        match error {
            HoldError::Lost => Self::HoldLost,
            HoldError::Store(error) => Self::Store(error),
        }
    }
}

/// Runs workflows.
#[derive(Clone)]
pub struct WorkflowRunner {
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// Journals.
    pub job_queue: Arc<dyn JobQueue>,
    /// What a job is about.
    pub read_model: Arc<dyn ReadModel>,
    /// The platform.
    pub platform: Arc<dyn HostingPlatform>,
    /// Confirmations of deletions.
    pub custody: CredentialCustody,
    /// The contention filter in front of the turns.
    pub team_lock: Arc<dyn TeamLock>,
    /// Change notices.
    pub events: Arc<dyn EventBus>,
    /// Identifiers.
    pub ids: Arc<dyn IdSource>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Who measures.
    pub observer: Arc<dyn Observer>,
    /// Patience.
    pub settings: WorkflowSettings,
}

/// One run of one job.
struct Run<'a> {
    claimed: &'a ClaimedJob,
    lease: &'a Lease,
    job: Job,
    journal: Journal,
}

impl Run<'_> {
    /// Tests let processes die here.
    fn pass(&self, step: &str, direction: Direction, moment: Moment) {
        crash_point::pass(&CrashPoint {
            kind: self.job.kind,
            step,
            direction,
            moment,
        });
    }

    fn is_undoing(&self) -> bool {
        self.job.failure.is_some() || self.job.is_cancel_requested
    }
}

/// Whether the run goes on.
enum Flow {
    Continue,
    Ended(RunEnd),
}

impl WorkflowRunner {
    /// Runs a claimed job until it rests or has to wait. When `stop` is raised it is given back at
    /// the next boundary.
    pub async fn run(
        &self,
        claimed: &ClaimedJob,
        lease: &Lease,
        stop: &StopSignal,
    ) -> Result<RunEnd, RunError> {
        let mut attempts = self.job_queue.load_journal(claimed.job.id).await?;
        if planted::is_on(Fault::IntentForgotten) {
            attempts.retain(|attempt| attempt.state != AttemptState::Started);
        }
        let journal = Journal::new(attempts);
        let mut run = Run {
            claimed,
            lease,
            job: claimed.job.clone(),
            journal,
        };
        let is_poison = claimed.deaths >= limits::JOB_DEATHS_MAX;
        if is_poison && !planted::is_on(Fault::PoisonNotSetAside) {
            let detail = "its process died again and again while executing it";
            return self
                .set_aside(&mut run, ErrorCode::JobUnrunnable, detail)
                .await;
        }
        let workflow = match WorkflowCatalog::workflow_of(&run.job) {
            Ok(workflow) => workflow,
            Err(error) => {
                tracing::error!(job.id = %run.job.id, error = %error, "a job cannot be read");
                let detail = "what the job stored cannot be read by this version";
                return self
                    .set_aside(&mut run, ErrorCode::JobUnrunnable, detail)
                    .await;
            }
        };
        if workflow.is_about_an_environment() && run.job.environment_id.is_none() {
            let detail = "the job does not say which environment it is about";
            return self
                .set_aside(&mut run, ErrorCode::JobUnrunnable, detail)
                .await;
        }
        self.carry_out(&mut run, &*workflow, stop).await
    }

    async fn carry_out(
        &self,
        run: &mut Run<'_>,
        workflow: &dyn Workflow,
        stop: &StopSignal,
    ) -> Result<RunEnd, RunError> {
        loop {
            if run.lease.is_lost() {
                return Err(RunError::HoldLost);
            }
            if stop.is_raised() {
                let (event, reason) = (JobEvent::Released, WaitReason::Handover);
                return self.give_back(run, event, reason, Duration::ZERO).await;
            }
            if let Flow::Ended(end) = self.advance(run, workflow).await? {
                return Ok(end);
            }
        }
    }

    async fn advance(&self, run: &mut Run<'_>, workflow: &dyn Workflow) -> Result<Flow, RunError> {
        match plan::next(workflow.steps(), &run.journal, run.is_undoing()) {
            Next::End => self.end(run, workflow).await,
            Next::Perform { step, direction } => {
                let step = &workflow.steps()[step];
                let span =
                    tracing::info_span!("step", otel.name = format!("step.{}", step.name).as_str());
                let performed = self.perform(run, workflow, step, direction);
                performed.instrument(span).await
            }
            Next::Settle { step, direction } => {
                let step = &workflow.steps()[step];
                let span = tracing::info_span!(
                    "step",
                    otel.name = format!("settle.{}", step.name).as_str()
                );
                let settled = self.settle(run, workflow, step, direction);
                settled.instrument(span).await
            }
        }
    }

    /// Everything a step may use, read anew. `Err` holds what to do when it cannot be put together.
    async fn context<'a>(
        &'a self,
        run: &'a Run<'_>,
    ) -> Result<Result<JobContext<'a>, Flow>, RunError> {
        if let Some(context) = self.find_context(run).await? {
            return Ok(Ok(context));
        }
        let (reason, poll) = (
            WaitReason::Reauthentication,
            self.settings.reauthentication_poll,
        );
        let end = self.give_back(run, JobEvent::Parked, reason, poll).await?;
        Ok(Err(Flow::Ended(end)))
    }

    /// The same; `None` while the team has no account that is connected.
    async fn find_context<'a>(
        &'a self,
        run: &'a Run<'_>,
    ) -> Result<Option<JobContext<'a>>, RunError> {
        let team = run.job.team_id;
        let environment = match run.job.environment_id {
            None => None,
            Some(id) => match self.read_model.find_environment(team, id).await? {
                None => return Ok(None),
                Some(details) => Some(details.environment),
            },
        };
        let account = self.read_model.find_platform_account(team).await?;
        let account = account.filter(|it| it.state != PlatformAccountState::Disconnected);
        let Some(account) = account else {
            return Ok(None);
        };
        Ok(Some(JobContext {
            job: &run.job,
            environment,
            reference: account.reference(),
            account,
            journal: &run.journal,
            platform: &*self.platform,
            read_model: &*self.read_model,
            custody: &self.custody,
            clock: &*self.clock,
            ids: &*self.ids,
            settings: &self.settings,
        }))
    }
}

/// How a step is called in the log, by direction.
fn label(step: &str, direction: Direction) -> String {
    match direction {
        Direction::Forward => step.to_owned(),
        Direction::Undo => format!("undo of {step}"),
    }
}
