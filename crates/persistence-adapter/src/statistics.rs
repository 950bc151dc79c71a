//! How the whole installation is doing, as far as rows tell.

use crate::database::{Backend, Database};
use crate::failure::parse_column;
use crate::queue::lines::is_first_everywhere;
use crate::schema::{job_queue, jobs, platform_accounts, team_syncs, webhook_deliveries};
use crate::session::{Session, on_session};
use crate::sql::{Moment, database_now};
use async_trait::async_trait;
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::job::JobState;
use domain::platform_account::PlatformAccountState;
use domain::ports::{PoolLoad, StoreError, StoreFigures, StoreStatistics};
use domain::webhook::WebhookDeliveryState;
use std::time::Duration;

/// A moment, and the database's time when it was read.
type MomentAndNow = (Moment, Moment);

#[async_trait]
impl StoreStatistics for Database {
    async fn read_figures(&self) -> Result<StoreFigures, StoreError> {
        let mut session = self.read_session().await?;
        let (waiting_messages, oldest_due_message) = messages(&mut session).await?;
        Ok(StoreFigures {
            jobs: jobs_by_state(&mut session).await?,
            oldest_due_job: oldest_due_job(&mut session).await?,
            waiting_messages,
            oldest_due_message,
            oldest_sync: oldest_sync(&mut session).await?,
        })
    }

    fn pool_loads(&self) -> Vec<PoolLoad> {
        match self.backend() {
            Backend::Postgres(postgres) => vec![postgres.load()],
            Backend::Sqlite(sqlite) => sqlite.loads(),
        }
    }
}

/// Live jobs are those in the queue; a job that waits for a person is in no queue.
async fn jobs_by_state(session: &mut Session) -> Result<Vec<(JobState, u64)>, StoreError> {
    let mut rows: Vec<(String, i64)> = on_session!(session, c => job_queue::table
        .inner_join(jobs::table.on(
            jobs::team_id.eq(job_queue::team_id).and(jobs::id.eq(job_queue::job_id)),
        ))
        .group_by(jobs::state)
        .select((jobs::state, count_star()))
        .load(c)
        .await)?;
    let resting = JobState::NeedsAttention.as_str();
    let count: i64 = on_session!(session, c => jobs::table
        .filter(jobs::state.eq(resting))
        .count()
        .get_result(c)
        .await)?;
    rows.push((resting.to_owned(), count));
    rows.into_iter()
        .map(|(state, count)| {
            let state = parse_column("jobs", "state", &state, JobState::parse)?;
            Ok((state, u64::try_from(count).unwrap_or(0)))
        })
        .collect()
}

async fn oldest_due_job(session: &mut Session) -> Result<Option<Duration>, StoreError> {
    let found: Option<MomentAndNow> = on_session!(session, c => job_queue::table
        .filter(job_queue::lease_until.is_null())
        .filter(job_queue::due_at.le(database_now()))
        .filter(is_first_everywhere())
        .select((job_queue::due_at, database_now()))
        .order(job_queue::due_at)
        .first(c)
        .await
        .optional())?;
    Ok(found.map(age))
}

async fn messages(session: &mut Session) -> Result<(u64, Option<Duration>), StoreError> {
    let waiting = WebhookDeliveryState::Waiting.as_str();
    let count: i64 = on_session!(session, c => webhook_deliveries::table
        .filter(webhook_deliveries::state.eq(waiting))
        .count()
        .get_result(c)
        .await)?;
    let oldest: Option<MomentAndNow> = on_session!(session, c => webhook_deliveries::table
        .filter(webhook_deliveries::state.eq(waiting))
        .filter(webhook_deliveries::due_at.le(database_now()))
        .select((webhook_deliveries::due_at, database_now()))
        .order(webhook_deliveries::due_at)
        .first(c)
        .await
        .optional())?;
    Ok((u64::try_from(count).unwrap_or(0), oldest.map(age)))
}

async fn oldest_sync(session: &mut Session) -> Result<Option<Duration>, StoreError> {
    let found: Option<(Option<Moment>, Moment)> = on_session!(session, c => team_syncs::table
        .inner_join(platform_accounts::table.on(
            platform_accounts::team_id.eq(team_syncs::team_id),
        ))
        .filter(platform_accounts::state.eq(PlatformAccountState::Connected.as_str()))
        .filter(team_syncs::ended_at.is_not_null())
        .select((team_syncs::ended_at, database_now()))
        .order(team_syncs::ended_at)
        .first(c)
        .await
        .optional())?;
    Ok(found.and_then(|(at, now)| Some(age((at?, now)))))
}

fn age((at, now): MomentAndNow) -> Duration {
    Duration::try_from(now.0.duration_since(at.0)).unwrap_or(Duration::ZERO)
}
