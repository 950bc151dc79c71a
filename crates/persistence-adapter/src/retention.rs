//! Removing what is old, in batches. Nothing here touches the queue: a job that has ended has no row there.

use crate::database::Database;
use crate::schema::{
    email_links, findings, idempotency_records, invitations, job_log, job_steps, jobs,
    login_throttles, ownership_offers, team_deletions, user_sessions,
};
use crate::session::{Session, on_session};
use crate::sql::{Id, database_now_before};
use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::access::Principal;
use domain::ids::{EmailLinkId, FindingId, InvitationId, JobId, TeamId, UserSessionId};
use domain::job::{JobKind, JobState};
use domain::ports::{Perishable, RetentionStore, StoreError, WritePriority};
use std::time::Duration;

/// States of which none ever changes again.
const FINAL: [&str; 3] = ["succeeded", "failed", "cancelled"];

/// Deletes at most so many rows of a table whose time has passed.
macro_rules! purge {
    ($session:expr, $table:ident, $key:ident: $Key:ty, $at:ident, $age:expr, $limit:expr) => {{
        let old: Vec<$Key> = on_session!($session, c => $table::table
            .filter($table::$at.lt(database_now_before($age)))
            .order($table::$at)
            .select($table::$key)
            .limit($limit)
            .load(c)
            .await)?;
        for key in &old {
            on_session!($session, c => diesel::delete($table::table.find(key.clone()))
                .execute(c)
                .await)?;
        }
        old.len() as u64
    }};
}

macro_rules! count {
    ($session:expr, $table:ident, $at:ident, $age:expr) => {
        on_session!($session, c => $table::table
            .filter($table::$at.lt(database_now_before($age)))
            .count()
            .get_result::<i64>(c)
            .await)
    };
}

/// The ends of jobs; those that have not ended have none.
macro_rules! finished_jobs {
    ($age:expr) => {
        jobs::table
            .filter(jobs::state.eq_any(FINAL))
            .filter(jobs::finished_at.lt(database_now_before($age).nullable()))
    };
}

/// Those of them that are syncs nobody asked for, and that went well.
macro_rules! scheduled_syncs {
    ($age:expr) => {
        finished_jobs!($age)
            .filter(jobs::kind.eq(JobKind::TeamSync.as_str()))
            .filter(jobs::principal.eq(Principal::System.as_text()))
            .filter(jobs::state.eq(JobState::Succeeded.as_str()))
    };
}

async fn purge_jobs(session: &mut Session, age: Duration, limit: i64) -> Result<u64, StoreError> {
    let old: Vec<(Id<TeamId>, Id<JobId>)> = on_session!(session, c => finished_jobs!(age)
        .order(jobs::finished_at)
        .select((jobs::team_id, jobs::id))
        .limit(limit)
        .load(c)
        .await)?;
    delete_jobs(session, &old).await
}

async fn purge_syncs(session: &mut Session, age: Duration, limit: i64) -> Result<u64, StoreError> {
    let old: Vec<(Id<TeamId>, Id<JobId>)> = on_session!(session, c => scheduled_syncs!(age)
        .order(jobs::finished_at)
        .select((jobs::team_id, jobs::id))
        .limit(limit)
        .load(c)
        .await)?;
    delete_jobs(session, &old).await
}

async fn purge_findings(
    session: &mut Session,
    age: Duration,
    limit: i64,
) -> Result<u64, StoreError> {
    let old: Vec<(Id<TeamId>, Id<FindingId>)> = on_session!(session, c => findings::table
        .filter(findings::closed_at.lt(database_now_before(age).nullable()))
        .select((findings::team_id, findings::id))
        .limit(limit)
        .load(c)
        .await)?;
    for key in &old {
        on_session!(session, c => diesel::delete(findings::table.find(*key)).execute(c).await)?;
    }
    Ok(old.len() as u64)
}

async fn delete_jobs(
    session: &mut Session,
    old: &[(Id<TeamId>, Id<JobId>)],
) -> Result<u64, StoreError> {
    for (team, job) in old {
        let (team, job) = (*team, *job);
        on_session!(session, c => diesel::delete(job_steps::table.filter(job_steps::job_id.eq(job)))
            .execute(c).await)?;
        on_session!(session, c => diesel::delete(job_log::table.filter(job_log::job_id.eq(job)))
            .execute(c).await)?;
        on_session!(session, c => diesel::delete(
                idempotency_records::table.filter(idempotency_records::job_id.eq(job)),
            )
            .execute(c)
            .await)?;
        on_session!(session, c => diesel::delete(jobs::table.find((team, job))).execute(c).await)?;
    }
    Ok(old.len() as u64)
}

async fn purge_requests(
    session: &mut Session,
    age: Duration,
    limit: i64,
) -> Result<u64, StoreError> {
    let settled: Vec<Id<JobId>> = on_session!(session, c => idempotency_records::table
        .inner_join(jobs::table.on(jobs::id.eq(idempotency_records::job_id)))
        .filter(jobs::state.eq_any(FINAL))
        .filter(jobs::finished_at.lt(database_now_before(age).nullable()))
        .select(idempotency_records::job_id)
        .limit(limit)
        .load(c)
        .await)?;
    let mut deleted = 0;
    for job in settled {
        deleted += on_session!(session, c => diesel::delete(
                idempotency_records::table.filter(idempotency_records::job_id.eq(job)),
            )
            .execute(c)
            .await)?;
    }
    Ok(deleted as u64)
}

#[async_trait]
impl RetentionStore for Database {
    async fn count_older(&self, what: Perishable, age: Duration) -> Result<u64, StoreError> {
        let session = &mut self.read_session().await?;
        let counted = match what {
            Perishable::FinishedJobs => {
                on_session!(session, c => finished_jobs!(age).count().get_result::<i64>(c).await)
            }
            Perishable::ScheduledSyncs => on_session!(session, c => scheduled_syncs!(age)
                .count()
                .get_result::<i64>(c)
                .await),
            Perishable::ClosedFindings => on_session!(session, c => findings::table
                .filter(findings::closed_at.lt(database_now_before(age).nullable()))
                .count()
                .get_result::<i64>(c)
                .await),
            Perishable::SettledRequests => on_session!(session, c => idempotency_records::table
                .inner_join(jobs::table.on(jobs::id.eq(idempotency_records::job_id)))
                .filter(jobs::state.eq_any(FINAL))
                .filter(jobs::finished_at.lt(database_now_before(age).nullable()))
                .count()
                .get_result::<i64>(c)
                .await),
            Perishable::BrowserSessions => count!(session, user_sessions, expires_at, age),
            Perishable::EmailLinks => count!(session, email_links, expires_at, age),
            Perishable::LoginThrottles => count!(session, login_throttles, window_started_at, age),
            Perishable::Invitations => count!(session, invitations, expires_at, age),
            Perishable::TeamDeletions => count!(session, team_deletions, expires_at, age),
            Perishable::OwnershipOffers => count!(session, ownership_offers, expires_at, age),
        }?;
        Ok(u64::try_from(counted).unwrap_or(0))
    }

    async fn purge_older(
        &self,
        what: Perishable,
        age: Duration,
        limit: u32,
    ) -> Result<u64, StoreError> {
        let mut session = self.begin_session(WritePriority::Interactive).await?;
        let (s, limit) = (&mut session, i64::from(limit));
        let deleted = match what {
            Perishable::FinishedJobs => purge_jobs(s, age, limit).await?,
            Perishable::ScheduledSyncs => purge_syncs(s, age, limit).await?,
            Perishable::ClosedFindings => purge_findings(s, age, limit).await?,
            Perishable::SettledRequests => purge_requests(s, age, limit).await?,
            Perishable::BrowserSessions => {
                purge!(s, user_sessions, id: Id<UserSessionId>, expires_at, age, limit)
            }
            Perishable::EmailLinks => {
                purge!(s, email_links, id: Id<EmailLinkId>, expires_at, age, limit)
            }
            Perishable::LoginThrottles => {
                purge!(s, login_throttles, subject: String, window_started_at, age, limit)
            }
            Perishable::Invitations => {
                purge!(s, invitations, id: Id<InvitationId>, expires_at, age, limit)
            }
            Perishable::TeamDeletions => {
                purge!(s, team_deletions, team_id: Id<TeamId>, expires_at, age, limit)
            }
            Perishable::OwnershipOffers => {
                purge!(s, ownership_offers, team_id: Id<TeamId>, expires_at, age, limit)
            }
        };
        session.commit_or_fail().await?;
        Ok(deleted)
    }
}
