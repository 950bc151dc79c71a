//! A job as clients see it.

use super::environment_view::environment_path;
use crate::problem::{Problem, ProblemBody};
use domain::ids::{JobId, TeamId};
use domain::job::{Job, JobFailure, JobProgress, JobState, WaitReason};
use domain::ports::JobDetails;
use serde::Serialize;
use utoipa::ToSchema;

/// When a client that polls should look again, in seconds: steps take longer.
pub(super) const POLL_AGAIN_SECONDS: u32 = 2;

/// One slow or risky operation.
#[derive(Serialize, ToSchema)]
#[schema(as = Job)]
pub(super) struct JobView {
    /// The job.
    #[schema(example = "job_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    id: String,
    /// The team.
    team_id: String,
    /// What it does.
    #[schema(example = "environment.provision")]
    kind: &'static str,
    /// `queued`, `running`, `waiting`, `cancelling`, `succeeded`, `failed`, `cancelled` or
    /// `needs_attention`.
    #[schema(example = "running")]
    state: &'static str,
    /// The environment it is about.
    #[schema(example = "env_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    environment_id: Option<String>,
    /// How far it is.
    progress: ProgressView,
    /// Why nobody works on it just now; `null` while somebody does or when it is over.
    waiting_for: Option<WaitingForView>,
    /// Why it failed, or why it is being undone.
    problem: Option<ProblemBody>,
    /// Whether somebody asked to cancel it.
    is_cancel_requested: bool,
    /// The job that this one repeats.
    retry_of_job_id: Option<String>,
    /// When it was accepted.
    #[schema(format = DateTime)]
    created_at: String,
    /// When a worker first took it.
    #[schema(format = DateTime)]
    started_at: Option<String>,
    /// When it ended.
    #[schema(format = DateTime)]
    finished_at: Option<String>,
    /// Where to go from here.
    links: JobLinks,
}

/// One slow or risky operation, as it is listed.
#[derive(Serialize, ToSchema)]
#[schema(as = JobSummary)]
pub(super) struct JobSummaryView {
    /// The job.
    #[schema(example = "job_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    id: String,
    /// What it does.
    #[schema(example = "environment.provision")]
    kind: &'static str,
    /// As in the job itself.
    #[schema(example = "running")]
    state: &'static str,
    /// The environment it is about.
    environment_id: Option<String>,
    /// How far it is.
    progress: ProgressView,
    /// The job that this one repeats.
    retry_of_job_id: Option<String>,
    /// When it was accepted.
    #[schema(format = DateTime)]
    created_at: String,
    /// When a worker first took it.
    #[schema(format = DateTime)]
    started_at: Option<String>,
    /// When it ended.
    #[schema(format = DateTime)]
    finished_at: Option<String>,
    /// Where to go from here.
    links: JobLinks,
}

impl From<Job> for JobSummaryView {
    fn from(job: Job) -> Self {
        Self {
            id: job.id.to_string(),
            kind: job.kind.as_str(),
            state: job.state.as_str(),
            environment_id: job.environment_id.map(|id| id.to_string()),
            retry_of_job_id: job.retry_of.map(|id| id.to_string()),
            created_at: job.created_at.to_string(),
            started_at: job.started_at.map(|at| at.to_string()),
            finished_at: job.finished_at.map(|at| at.to_string()),
            links: links(&job),
            progress: job.progress.into(),
        }
    }
}

/// How far a job is.
#[derive(Serialize, ToSchema)]
#[schema(as = JobProgress)]
struct ProgressView {
    /// 0 to 100; never falls.
    #[schema(minimum = 0, maximum = 100)]
    percent: u8,
    /// The step being worked on.
    step: Option<String>,
    /// Steps that are done.
    steps_done: u16,
    /// Steps in all; 0 until a worker has planned the job.
    steps_total: u16,
}

/// Why nobody works on a job.
#[derive(Serialize, ToSchema)]
#[schema(as = JobWaitingFor)]
struct WaitingForView {
    /// `turn` (another job goes first), `platform_work`, `settlement` (a lost answer is being looked
    /// into), `platform_unavailable`, `coordination_unavailable`, `reauthentication` (the owner has
    /// to connect the account again), `handover`, `paused` (those who run the service have paused
    /// changes; the log says why) or `capacity` (workers are busy, or as many jobs of the team or of
    /// its platform run at once as may).
    #[schema(example = "turn")]
    reason: &'static str,
    /// The job whose turn it is.
    job_id: Option<String>,
    /// Since when that job has had its turn.
    #[schema(format = DateTime)]
    since: Option<String>,
    /// How many jobs go first.
    jobs_ahead: i64,
}

/// Links of a job.
#[derive(Serialize, ToSchema)]
struct JobLinks {
    /// The job itself.
    #[serde(rename = "self")]
    itself: String,
    /// Its log.
    log: String,
    /// Where it is cancelled; `null` when it is over.
    cancel: Option<String>,
    /// The environment it is about.
    environment: Option<String>,
}

/// The path of a job.
pub(super) fn job_path(team: TeamId, job: JobId) -> String {
    format!("/v1/teams/{team}/jobs/{job}")
}

impl From<JobDetails> for JobView {
    fn from(details: JobDetails) -> Self {
        let waiting_for = waiting_for(&details);
        let job = details.job;
        Self {
            id: job.id.to_string(),
            team_id: job.team_id.to_string(),
            kind: job.kind.as_str(),
            state: job.state.as_str(),
            environment_id: job.environment_id.map(|id| id.to_string()),
            waiting_for,
            problem: problem_of(&job),
            is_cancel_requested: job.is_cancel_requested,
            retry_of_job_id: job.retry_of.map(|id| id.to_string()),
            created_at: job.created_at.to_string(),
            started_at: job.started_at.map(|at| at.to_string()),
            finished_at: job.finished_at.map(|at| at.to_string()),
            links: links(&job),
            progress: job.progress.into(),
        }
    }
}

impl JobView {
    /// A job whose place in its lines was not looked at: about waiting only what the job itself says is told.
    pub(super) fn without_place(job: Job) -> Self {
        let has_reason = job.waiting_for.is_some();
        let mut view = Self::from(JobDetails {
            job,
            turn_holder: None,
            jobs_ahead: 0,
        });
        view.waiting_for = view.waiting_for.filter(|_| has_reason);
        view
    }
}

impl From<JobProgress> for ProgressView {
    fn from(progress: JobProgress) -> Self {
        Self {
            percent: progress.percent,
            step: progress.step,
            steps_done: progress.steps_done,
            steps_total: progress.steps_total,
        }
    }
}

fn waiting_for(details: &JobDetails) -> Option<WaitingForView> {
    let job = &details.job;
    if job.state == JobState::Running || job.state.is_at_rest() {
        return None;
    }
    let is_behind = details.turn_holder.is_some() || details.jobs_ahead > 0;
    let reason = match &job.waiting_for {
        Some(reason) => reason.clone(),
        None if is_behind => WaitReason::Turn,
        None if job.state == JobState::Queued => WaitReason::Capacity,
        None => return None,
    };
    let holder = details.turn_holder.as_ref();
    Some(WaitingForView {
        reason: reason.as_str(),
        job_id: holder.map(|holder| holder.job_id.to_string()),
        since: holder.map(|holder| holder.since.to_string()),
        jobs_ahead: details.jobs_ahead,
    })
}

/// What a person has to look at goes before why the job is being undone.
fn problem_of(job: &Job) -> Option<ProblemBody> {
    let Some(attention) = &job.attention else {
        return job.failure.as_ref().map(|failure| problem(job, failure));
    };
    let mut body = Problem::new(attention.code, attention.detail.clone()).body(None);
    body.job_id = Some(job.id.to_string());
    body.step.clone_from(&attention.step);
    Some(body)
}

/// The failure as the problem that a request with this outcome would have had.
fn problem(job: &Job, failure: &JobFailure) -> ProblemBody {
    let mut body = Problem::new(failure.code, failure.detail.clone()).body(None);
    body.retryable = failure.is_retryable;
    body.job_id = Some(job.id.to_string());
    body.step.clone_from(&failure.step);
    body.platform_code = failure.platform_code;
    body.remaining_steps.clone_from(&failure.remaining);
    body
}

fn links(job: &Job) -> JobLinks {
    let path = job_path(job.team_id, job.id);
    JobLinks {
        log: format!("{path}/log"),
        cancel: (!job.state.is_at_rest()).then(|| format!("{path}/actions/cancel")),
        environment: job
            .environment_id
            .map(|environment| environment_path(job.team_id, environment)),
        itself: path,
    }
}
