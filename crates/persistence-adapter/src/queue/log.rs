//! The log of a job. Its numbers come from the job's row, which its holder alone updates, so they
//! have no gap and become visible in their order.

use crate::failure::parse_column;
use crate::paging::{page_of, rows_to_read};
use crate::schema::{job_log, jobs};
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment, PrepareOnce as _, database_now};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::{JobId, TeamId};
use domain::job::{JobLogLevel, JobLogLine};
use domain::limits::JOB_LOG_MESSAGE_LENGTH_MAX;
use domain::page::{Page, PageRequest};
use domain::ports::StoreError;

#[cfg(test)]
mod tests;

#[derive(Queryable, Selectable)]
#[diesel(table_name = job_log)]
struct LogRow {
    sequence: i64,
    at: Moment,
    level: String,
    step: Option<String>,
    message: String,
    fence: Option<i64>,
}

impl TryFrom<LogRow> for JobLogLine {
    type Error = StoreError;

    fn try_from(row: LogRow) -> Result<Self, StoreError> {
        Ok(Self {
            sequence: row.sequence,
            at: row.at.0,
            level: parse_column("job_log", "level", &row.level, JobLogLevel::parse)?,
            step: row.step,
            message: row.message,
            fence: row.fence,
        })
    }
}

/// Adds a line; `fence` is that of the hold under which it is written, if it is.
pub(crate) async fn append(
    session: &mut Session,
    (team, job): (TeamId, JobId),
    fence: Option<i64>,
    level: JobLogLevel,
    step: Option<String>,
    message: &str,
) -> Result<(), StoreError> {
    let row = jobs::table.find((Id(team), Id(job)));
    let sequence: i64 = on_session!(session, c => diesel::update(row)
        .set((
            jobs::log_sequence.eq(jobs::log_sequence + 1),
            jobs::waiting_for.eq(None::<String>),
            jobs::version.eq(jobs::version + 1),
        ))
        .returning(jobs::log_sequence)
        .prepared_once().get_result(c)
        .await)?;
    let line = NewLine::new(level, step, message);
    insert(session, job, fence, sequence, line).await
}

/// A line that has no number yet.
pub(super) struct NewLine {
    level: JobLogLevel,
    step: Option<String>,
    message: String,
}

impl NewLine {
    pub(super) fn new(level: JobLogLevel, step: Option<String>, message: &str) -> Self {
        Self {
            level,
            step,
            message: cut(message),
        }
    }
}

/// Stores a line under the number that it was given.
pub(super) async fn insert(
    session: &mut Session,
    job: JobId,
    fence: Option<i64>,
    sequence: i64,
    line: NewLine,
) -> Result<(), StoreError> {
    let row = (
        job_log::job_id.eq(Id(job)),
        job_log::sequence.eq(sequence),
        job_log::at.eq(database_now()),
        job_log::level.eq(line.level.as_str()),
        job_log::step.eq(line.step),
        job_log::message.eq(line.message),
        job_log::fence.eq(fence),
    );
    on_session!(session, c => diesel::insert_into(job_log::table).values(row).prepared_once().execute(c).await)?;
    Ok(())
}

/// At most the longest message, the last character of a cut one being an ellipsis.
fn cut(message: &str) -> String {
    if message.chars().count() <= JOB_LOG_MESSAGE_LENGTH_MAX {
        return message.to_owned();
    }
    let mut cut: String = message
        .chars()
        .take(JOB_LOG_MESSAGE_LENGTH_MAX - 1)
        .collect();
    cut.push('…');
    cut
}

/// Lines after a number, in order.
pub(crate) async fn list(
    session: &mut Session,
    job: JobId,
    page: PageRequest<i64>,
) -> Result<Page<JobLogLine, i64>, StoreError> {
    let rows: Vec<LogRow> = on_session!(session, c => job_log::table
        .filter(job_log::job_id.eq(Id(job)))
        .filter(job_log::sequence.gt(page.after().unwrap_or(0)))
        .select(LogRow::as_select())
        .order(job_log::sequence)
        .limit(rows_to_read(&page))
        .load(c)
        .await)?;
    let items = rows.into_iter().map(JobLogLine::try_from);
    Ok(page_of(items.collect::<Result<_, _>>()?, &page, |line| {
        line.sequence
    }))
}
