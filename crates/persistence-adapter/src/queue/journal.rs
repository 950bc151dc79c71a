//! The journal of a held job: its attempts. What changes the job's own row, and how a hold ends, are in files of
//! their own. Every statement runs after the one that holds the job.

use super::log::NewLine;
use super::rest;
use crate::failure::{inconsistent, parse_column};
use crate::schema::{job_queue, job_steps};
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment, PrepareOnce as _, database_now, database_now_plus, first_not_null};
use crate::transaction::Held;
use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::{JobId, StepAttemptId};
use domain::job::journal::{AttemptState, Direction, NewStepAttempt, StepAttempt};
use domain::job::{
    EncodedData, JobAttention, JobEvent, JobFailure, JobLogLevel, JobProgress, WaitReason,
};
use domain::ports::{JobJournal, StoreError};
use std::time::Duration;

const TABLE: &str = "job_steps";

#[derive(Queryable, Selectable)]
#[diesel(table_name = job_steps)]
struct StepRow {
    id: Id<StepAttemptId>,
    sequence: i64,
    step: String,
    direction: String,
    state: String,
    started_at: Moment,
    answer_by: Moment,
    baseline: Option<String>,
    findings: Option<String>,
    output: Option<String>,
}

impl TryFrom<StepRow> for StepAttempt {
    type Error = StoreError;

    fn try_from(row: StepRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.0,
            sequence: row.sequence,
            direction: parse_column(TABLE, "direction", &row.direction, Direction::parse)?,
            state: parse_column(TABLE, "state", &row.state, AttemptState::parse)?,
            step: row.step,
            started_at: row.started_at.0,
            answer_by: row.answer_by.0,
            baseline: row.baseline.map(EncodedData),
            findings: row.findings.map(EncodedData),
            output: row.output.map(EncodedData),
        })
    }
}

/// The whole journal, in order.
pub(super) async fn load(
    session: &mut Session,
    job: JobId,
) -> Result<Vec<StepAttempt>, StoreError> {
    let rows: Vec<StepRow> = on_session!(session, c => job_steps::table
        .filter(job_steps::job_id.eq(Id(job)))
        .select(StepRow::as_select())
        .order(job_steps::sequence)
        .load(c)
        .await)?;
    rows.into_iter().map(StepAttempt::try_from).collect()
}

async fn start(
    session: &mut Session,
    job: JobId,
    attempt: &NewStepAttempt,
) -> Result<StepAttempt, StoreError> {
    // Not max(): without statistics PostgreSQL reads the whole journal for it.
    let last = || {
        job_steps::table
            .filter(job_steps::job_id.eq(Id(job)))
            .select(job_steps::sequence.nullable())
            .order(job_steps::sequence.desc())
            .limit(1)
            .single_value()
    };
    let next = || first_not_null(last(), Some(0_i64)).assume_not_null() + 1_i64;
    let row = (
        job_steps::job_id.eq(Id(job)),
        job_steps::sequence.eq(next()),
        job_steps::id.eq(Id(attempt.id)),
        job_steps::step.eq(&attempt.step),
        job_steps::direction.eq(attempt.direction.as_str()),
        job_steps::state.eq(AttemptState::Started.as_str()),
        job_steps::started_at.eq(database_now()),
        job_steps::answer_by.eq(database_now_plus(attempt.answer_within)),
        job_steps::baseline.eq(attempt.baseline.as_ref().map(|data| &data.0)),
    );
    let row: StepRow = on_session!(session, c => diesel::insert_into(job_steps::table)
        .values(row)
        .returning(StepRow::as_returning())
        .prepared_once().get_result(c)
        .await)?;
    StepAttempt::try_from(row)
}

async fn mark_pivot(session: &mut Session, job: JobId, is_past: bool) -> Result<(), StoreError> {
    on_session!(session, c => diesel::update(job_queue::table.find(Id(job)))
        .set(job_queue::is_past_pivot.eq(is_past))
        .prepared_once().execute(c)
        .await)?;
    Ok(())
}

/// What is settled stays settled.
async fn settle(
    session: &mut Session,
    job: JobId,
    attempt: StepAttemptId,
    state: AttemptState,
    output: Option<EncodedData>,
) -> Result<(), StoreError> {
    // Not a list: a statement with one is prepared anew each time.
    let is_open = job_steps::state
        .eq(AttemptState::Started.as_str())
        .or(job_steps::state.eq(AttemptState::InDoubt.as_str()));
    let updated = on_session!(session, c => diesel::update(job_steps::table)
        .filter(job_steps::id.eq(Id(attempt)))
        .filter(job_steps::job_id.eq(Id(job)))
        .filter(is_open)
        .set((
            job_steps::state.eq(state.as_str()),
            job_steps::output.eq(output.as_ref().map(|data| &data.0)),
        ))
        .prepared_once().execute(c)
        .await)?;
    found(updated)
}

fn found(updated: usize) -> Result<(), StoreError> {
    if updated == 1 {
        Ok(())
    } else {
        Err(inconsistent(
            TABLE,
            "id",
            "the job has no open attempt of that id",
        ))
    }
}

#[async_trait]
impl JobJournal for Held {
    async fn start_attempt(&mut self, attempt: &NewStepAttempt) -> Result<StepAttempt, StoreError> {
        let (session, hold, row) = self.parts();
        if row.is_cancel_requested && attempt.direction == Direction::Forward {
            return Err(StoreError::VersionChanged);
        }
        if attempt.is_pivot {
            mark_pivot(session, hold.job_id, true).await?;
        }
        start(session, hold.job_id, attempt).await
    }

    async fn clear_pivot(&mut self) -> Result<(), StoreError> {
        let (session, hold, _) = self.parts();
        mark_pivot(session, hold.job_id, false).await
    }

    async fn settle_attempt(
        &mut self,
        attempt: StepAttemptId,
        state: AttemptState,
        output: Option<EncodedData>,
    ) -> Result<(), StoreError> {
        let (session, hold, row) = self.parts();
        settle(session, hold.job_id, attempt, state, output).await?;
        if row.deaths == 0 {
            return Ok(());
        }
        on_session!(session, c => diesel::update(job_queue::table.find(Id(hold.job_id)))
            .set(job_queue::deaths.eq(0))
            .prepared_once().execute(c)
            .await)?;
        Ok(())
    }

    async fn record_findings(
        &mut self,
        attempt: StepAttemptId,
        findings: &EncodedData,
    ) -> Result<(), StoreError> {
        let (session, hold, _) = self.parts();
        let updated = on_session!(session, c => diesel::update(job_steps::table)
            .filter(job_steps::id.eq(Id(attempt)))
            .filter(job_steps::job_id.eq(Id(hold.job_id)))
            .set(job_steps::findings.eq(&findings.0))
            .prepared_once().execute(c)
            .await)?;
        found(updated)
    }

    async fn is_cancel_requested(&mut self) -> Result<bool, StoreError> {
        Ok(self.parts().2.is_cancel_requested)
    }

    async fn append_log(
        &mut self,
        level: JobLogLevel,
        step: Option<String>,
        message: &str,
    ) -> Result<(), StoreError> {
        let line = NewLine::new(level, step, message);
        self.changes().lines.push(line);
        Ok(())
    }

    async fn set_progress(&mut self, progress: &JobProgress) -> Result<(), StoreError> {
        self.changes().set_progress(progress);
        Ok(())
    }

    async fn set_failure(&mut self, failure: &JobFailure) -> Result<(), StoreError> {
        self.changes().set_failure(failure);
        Ok(())
    }

    async fn set_attention(&mut self, attention: &JobAttention) -> Result<(), StoreError> {
        self.changes().set_attention(attention);
        Ok(())
    }

    async fn give_back(
        &mut self,
        event: JobEvent,
        reason: WaitReason,
        after: Duration,
    ) -> Result<(), StoreError> {
        let changes = std::mem::take(self.changes());
        let (session, hold, row) = self.parts();
        rest::give_back(session, (hold, row), changes, event, &reason, after).await
    }

    async fn come_to_rest(&mut self, event: JobEvent) -> Result<(), StoreError> {
        let changes = std::mem::take(self.changes());
        let (session, hold, row) = self.parts();
        rest::come_to_rest(session, (hold, row), changes, event).await
    }
}
