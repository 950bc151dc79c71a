//! The way between a job and its row.

use crate::failure::{inconsistent, parse_column, parse_optional_column};
use crate::schema::jobs;
use crate::sql::{Id, Moment};
use diesel::prelude::*;
use domain::access::{PermissionSet, Principal};
use domain::error_code::ErrorCode;
use domain::ids::{EnvironmentId, JobId, TeamId};
use domain::job::{
    EncodedData, Job, JobAttention, JobFailure, JobKind, JobProgress, JobState, WaitReason,
};
use domain::ports::StoreError;
use domain::trace_parent::TraceParent;

const TABLE: &str = "jobs";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = jobs, treat_none_as_default_value = false)]
pub(crate) struct JobRow {
    team_id: Id<TeamId>,
    id: Id<JobId>,
    kind: String,
    kind_version: i32,
    state: String,
    environment_id: Option<Id<EnvironmentId>>,
    principal: String,
    required_permissions: Option<String>,
    payload: String,
    percent: i16,
    step: Option<String>,
    steps_done: i32,
    steps_total: i32,
    waiting_for: Option<String>,
    failure_code: Option<String>,
    failure_step: Option<String>,
    failure_platform_code: Option<i64>,
    failure_is_retryable: Option<bool>,
    failure_detail: Option<String>,
    failure_remaining: Option<String>,
    attention_code: Option<String>,
    attention_step: Option<String>,
    attention_detail: Option<String>,
    is_cancel_requested: bool,
    retry_of: Option<Id<JobId>>,
    trace_parent: Option<String>,
    created_at: Moment,
    started_at: Option<Moment>,
    finished_at: Option<Moment>,
    log_sequence: i64,
    version: i64,
}

impl From<&Job> for JobRow {
    fn from(job: &Job) -> Self {
        let (failure, attention) = (job.failure.as_ref(), job.attention.as_ref());
        Self {
            team_id: Id(job.team_id),
            id: Id(job.id),
            kind: job.kind.as_str().to_owned(),
            kind_version: job.kind_version,
            state: job.state.as_str().to_owned(),
            environment_id: job.environment_id.map(Id),
            principal: job.principal.as_text(),
            required_permissions: Some(job.required_permissions.to_slugs()),
            payload: job.payload.0.clone(),
            percent: i16::from(job.progress.percent),
            step: job.progress.step.clone(),
            steps_done: i32::from(job.progress.steps_done),
            steps_total: i32::from(job.progress.steps_total),
            waiting_for: job
                .waiting_for
                .as_ref()
                .map(|reason| reason.as_str().to_owned()),
            failure_code: failure.map(|failure| failure.code.as_str().to_owned()),
            failure_step: failure.and_then(|failure| failure.step.clone()),
            failure_platform_code: failure.and_then(|failure| failure.platform_code),
            failure_is_retryable: failure.map(|failure| failure.is_retryable),
            failure_detail: failure.map(|failure| failure.detail.clone()),
            failure_remaining: failure.and_then(remaining_as_text),
            attention_code: attention.map(|attention| attention.code.as_str().to_owned()),
            attention_step: attention.and_then(|attention| attention.step.clone()),
            attention_detail: attention.map(|attention| attention.detail.clone()),
            is_cancel_requested: job.is_cancel_requested,
            retry_of: job.retry_of.map(Id),
            trace_parent: job.trace_parent.as_ref().map(|it| it.as_str().to_owned()),
            created_at: Moment(job.created_at),
            started_at: job.started_at.map(Moment),
            finished_at: job.finished_at.map(Moment),
            log_sequence: job.log_sequence,
            version: job.version,
        }
    }
}

impl JobRow {
    pub(crate) fn id(&self) -> JobId {
        self.id.0
    }

    fn failure(&self) -> Result<Option<JobFailure>, StoreError> {
        let code = self.failure_code.as_deref();
        let code = parse_optional_column(TABLE, "failure_code", code, ErrorCode::parse)?;
        Ok(code.map(|code| JobFailure {
            code,
            step: self.failure_step.clone(),
            platform_code: self.failure_platform_code,
            is_retryable: self.failure_is_retryable.unwrap_or(false),
            detail: self.failure_detail.clone().unwrap_or_default(),
            remaining: self
                .failure_remaining
                .iter()
                .flat_map(|steps| steps.split(','))
                .map(str::to_owned)
                .collect(),
        }))
    }

    fn attention(&self) -> Result<Option<JobAttention>, StoreError> {
        let code = self.attention_code.as_deref();
        let code = parse_optional_column(TABLE, "attention_code", code, ErrorCode::parse)?;
        Ok(code.map(|code| JobAttention {
            code,
            step: self.attention_step.clone(),
            detail: self.attention_detail.clone().unwrap_or_default(),
        }))
    }

    fn progress(&self) -> Result<JobProgress, StoreError> {
        Ok(JobProgress {
            percent: number("percent", self.percent)?,
            step: self.step.clone(),
            steps_done: number("steps_done", self.steps_done)?,
            steps_total: number("steps_total", self.steps_total)?,
        })
    }
}

/// Names of steps hold no commas.
pub(crate) fn remaining_as_text(failure: &JobFailure) -> Option<String> {
    (!failure.remaining.is_empty()).then(|| failure.remaining.join(","))
}

fn number<From, To: TryFrom<From, Error: std::fmt::Display>>(
    column: &'static str,
    value: From,
) -> Result<To, StoreError> {
    To::try_from(value).map_err(|error| inconsistent(TABLE, column, error))
}

impl TryFrom<JobRow> for Job {
    type Error = StoreError;

    fn try_from(row: JobRow) -> Result<Self, StoreError> {
        let waiting_for = row.waiting_for.as_deref();
        Ok(Self {
            failure: row.failure()?,
            attention: row.attention()?,
            progress: row.progress()?,
            kind: parse_column(TABLE, "kind", &row.kind, JobKind::parse)?,
            state: parse_column(TABLE, "state", &row.state, JobState::parse)?,
            principal: parse_column(TABLE, "principal", &row.principal, Principal::parse)?,
            waiting_for: parse_optional_column(
                TABLE,
                "waiting_for",
                waiting_for,
                WaitReason::parse,
            )?,
            required_permissions: PermissionSet::parse_slugs(
                row.required_permissions.as_deref().unwrap_or_default(),
            ),
            id: row.id.0,
            team_id: row.team_id.0,
            kind_version: row.kind_version,
            environment_id: row.environment_id.map(|id| id.0),
            payload: EncodedData(row.payload),
            is_cancel_requested: row.is_cancel_requested,
            retry_of: row.retry_of.map(|id| id.0),
            // No job is unreadable because of where its trace began.
            trace_parent: row.trace_parent.as_deref().and_then(TraceParent::parse),
            created_at: row.created_at.0,
            started_at: row.started_at.map(|moment| moment.0),
            finished_at: row.finished_at.map(|moment| moment.0),
            log_sequence: row.log_sequence,
            version: row.version,
        })
    }
}
