//! Counters of attempts.

use crate::schema::login_throttles;
use crate::session::{Session, on_session};
use crate::sql::{Moment, SkipLocked, database_now, database_now_before};
use async_trait::async_trait;
use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ports::{LoginThrottleStore, StoreError};
use std::time::Duration;

/// A counter that nobody raised for this long means nothing, whatever its window.
const FORGOTTEN_AFTER: Duration = Duration::from_hours(24);
/// Each new counter takes some old ones with it, so that guessing at ever new names does not fill
/// the table.
const FORGOTTEN_AT_ONCE: i64 = 4;

/// A counter after it was raised.
#[derive(Queryable)]
struct Counter {
    attempts: i64,
    window_started_at: Moment,
    now: Moment,
}

#[async_trait]
impl LoginThrottleStore for Session {
    async fn count_attempt(
        &mut self,
        subject: &str,
        limit: i64,
        window: Duration,
    ) -> Result<Option<Duration>, StoreError> {
        let counter = raise(self, subject, window).await?;
        if counter.attempts == 1 {
            forget_old_counters(self).await?;
        }
        if counter.attempts <= limit {
            return Ok(None);
        }
        let passed = counter.now.0.duration_since(counter.window_started_at.0);
        let left = window.saturating_sub(passed.unsigned_abs());
        Ok(Some(left.max(Duration::from_secs(1))))
    }

    async fn forget_attempts(&mut self, subject: &str) -> Result<(), StoreError> {
        on_session!(self, c => diesel::delete(login_throttles::table.find(subject))
            .execute(c)
            .await)?;
        Ok(())
    }
}

/// Counts one more, beginning anew where the window has passed.
async fn raise(
    session: &mut Session,
    subject: &str,
    window: Duration,
) -> Result<Counter, StoreError> {
    let is_over = login_throttles::window_started_at.le(database_now_before(window));
    let first = (
        login_throttles::subject.eq(subject),
        login_throttles::attempts.eq(1_i64),
        login_throttles::window_started_at.eq(database_now()),
    );
    let raised = (
        login_throttles::attempts.eq(case_when(
            is_over,
            1_i64.into_sql::<diesel::sql_types::BigInt>(),
        )
        .otherwise(login_throttles::attempts + 1)),
        login_throttles::window_started_at
            .eq(case_when(is_over, database_now()).otherwise(login_throttles::window_started_at)),
    );
    on_session!(session, c => diesel::insert_into(login_throttles::table)
        .values(first)
        .on_conflict(login_throttles::subject)
        .do_update()
        .set(raised)
        .returning((
            login_throttles::attempts,
            login_throttles::window_started_at,
            database_now(),
        ))
        .get_result(c)
        .await)
}

/// Those that somebody else is just raising or forgetting are left alone: nobody waits here.
async fn forget_old_counters(session: &mut Session) -> Result<(), StoreError> {
    let subjects: Vec<String> = on_session!(session, c => SkipLocked(
            login_throttles::table
                .filter(login_throttles::window_started_at.lt(database_now_before(FORGOTTEN_AFTER)))
                .order(login_throttles::window_started_at)
                .limit(FORGOTTEN_AT_ONCE)
                .select(login_throttles::subject),
        )
        .load(c)
        .await)?;
    if !subjects.is_empty() {
        on_session!(session, c => diesel::delete(login_throttles::table)
            .filter(login_throttles::subject.eq_any(&subjects))
            .execute(c)
            .await)?;
    }
    Ok(())
}
