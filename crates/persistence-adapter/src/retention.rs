//! Removing what is old, in batches. Nothing here touches the queue: a job that has ended has no row there.

use crate::database::Database;
use crate::schema::{
    email_links, findings, idempotency_records, invitations, job_log, job_steps, jobs,
    login_throttles, ownership_offers, team_deletions, team_events, user_sessions,
    webhook_deliveries,
};
use crate::session::{Session, on_session};
use crate::sql::{Id, database_now_before};
use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::access::Principal;
use domain::ids::{
    EmailLinkId, FindingId, InvitationId, JobId, TeamId, UserSessionId, WebhookDeliveryId,
    WebhookId,
};
use domain::job::{JobKind, JobState};
use domain::ports::{Perishable, RetentionStore, StoreError, WritePriority};
use std::time::Duration;

/// States of which none ever changes again.
const FINAL: [&str; 3] = ["succeeded", "failed", "cancelled"];

/// Rows of a table whose time has passed; where there is no time, it has not.
macro_rules! expired {
    ($table:ident, $at:ident, $age:expr) => {
        $table::table.filter(
            $table::$at
                .nullable()
                .lt(database_now_before($age).nullable()),
        )
    };
}

/// Deletes at most so many of them. The time is asked for again when a row is deleted: an offer or a counter may have
/// begun anew since it was found.
macro_rules! purge_expired {
    ($session:expr, $table:ident, ($($key:ident),+): $Key:ty, $at:ident, $age:expr, $limit:expr) => {{
        let old: Vec<$Key> = on_session!($session, c => expired!($table, $at, $age)
            .order($table::$at)
            .select(($($table::$key),+))
            .limit($limit)
            .load(c)
            .await)?;
        let mut deleted = 0;
        for key in old {
            let row = $table::table.find(key);
            let still_old = $table::$at
                .nullable()
                .lt(database_now_before($age).nullable());
            deleted += on_session!($session, c => diesel::delete(row.filter(still_old))
                .execute(c)
                .await)?;
        }
        deleted
    }};
}

/// The ends of jobs; those that have not ended have none.
macro_rules! finished_jobs {
    ($age:expr) => {
        expired!(jobs, finished_at, $age).filter(jobs::state.eq_any(FINAL))
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

/// What is remembered of requests whose jobs they are.
macro_rules! settled_requests {
    ($age:expr) => {
        finished_jobs!($age)
            .inner_join(idempotency_records::table.on(idempotency_records::job_id.eq(jobs::id)))
    };
}

/// Deletes at most so many of these jobs.
macro_rules! purge_jobs {
    ($session:expr, $jobs:expr, $limit:expr) => {{
        let old: Vec<(Id<TeamId>, Id<JobId>)> = on_session!($session, c => $jobs
            .order(jobs::finished_at)
            .select((jobs::team_id, jobs::id))
            .limit($limit)
            .load(c)
            .await)?;
        let mut deleted = 0;
        for (team, job) in old {
            deleted += delete_job($session, team, job).await?;
        }
        deleted
    }};
}

/// How many rows the query has.
macro_rules! count {
    ($session:expr, $query:expr) => {
        on_session!($session, c => $query.count().get_result::<i64>(c).await)
    };
}

/// With everything that was written about it; 0 when another process was first.
async fn delete_job(
    session: &mut Session,
    team: Id<TeamId>,
    job: Id<JobId>,
) -> Result<usize, StoreError> {
    on_session!(session, c => diesel::delete(job_steps::table.filter(job_steps::job_id.eq(job)))
        .execute(c)
        .await)?;
    on_session!(session, c => diesel::delete(job_log::table.filter(job_log::job_id.eq(job)))
        .execute(c)
        .await)?;
    forget_requests(session, job).await?;
    on_session!(session, c => diesel::delete(jobs::table.find((team, job))).execute(c).await)
}

async fn forget_requests(session: &mut Session, job: Id<JobId>) -> Result<usize, StoreError> {
    let of_job = idempotency_records::table.filter(idempotency_records::job_id.eq(job));
    on_session!(session, c => diesel::delete(of_job).execute(c).await)
}

async fn purge_requests(
    session: &mut Session,
    age: Duration,
    limit: i64,
) -> Result<usize, StoreError> {
    let settled: Vec<Id<JobId>> = on_session!(session, c => settled_requests!(age)
        .select(jobs::id)
        .limit(limit)
        .load(c)
        .await)?;
    let mut deleted = 0;
    for job in settled {
        deleted += forget_requests(session, job).await?;
    }
    Ok(deleted)
}

#[async_trait]
impl RetentionStore for Database {
    async fn count_older(&self, what: Perishable, age: Duration) -> Result<u64, StoreError> {
        let session = &mut self.read_session().await?;
        let counted = match what {
            Perishable::FinishedJobs => count!(session, finished_jobs!(age)),
            Perishable::ScheduledSyncs => count!(session, scheduled_syncs!(age)),
            Perishable::ClosedFindings => count!(session, expired!(findings, closed_at, age)),
            Perishable::SettledRequests => count!(session, settled_requests!(age)),
            Perishable::TeamEvents => count!(session, expired!(team_events, at, age)),
            Perishable::WebhookDeliveries => {
                count!(session, expired!(webhook_deliveries, ended_at, age))
            }
            Perishable::BrowserSessions => {
                count!(session, expired!(user_sessions, expires_at, age))
            }
            Perishable::EmailLinks => count!(session, expired!(email_links, expires_at, age)),
            Perishable::LoginThrottles => {
                count!(session, expired!(login_throttles, window_started_at, age))
            }
            Perishable::Invitations => count!(session, expired!(invitations, expires_at, age)),
            Perishable::TeamDeletions => count!(session, expired!(team_deletions, expires_at, age)),
            Perishable::OwnershipOffers => {
                count!(session, expired!(ownership_offers, expires_at, age))
            }
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
            Perishable::FinishedJobs => purge_jobs!(s, finished_jobs!(age), limit),
            Perishable::ScheduledSyncs => purge_jobs!(s, scheduled_syncs!(age), limit),
            Perishable::ClosedFindings => {
                purge_expired!(s, findings, (team_id, id): (Id<TeamId>, Id<FindingId>), closed_at, age, limit)
            }
            Perishable::SettledRequests => purge_requests(s, age, limit).await?,
            Perishable::TeamEvents => {
                purge_expired!(s, team_events, (team_id, sequence): (Id<TeamId>, i64), at, age, limit)
            }
            Perishable::WebhookDeliveries => {
                purge_expired!(s, webhook_deliveries, (team_id, webhook_id, id): (Id<TeamId>, Id<WebhookId>, Id<WebhookDeliveryId>), ended_at, age, limit)
            }
            Perishable::BrowserSessions => {
                purge_expired!(s, user_sessions, (id): Id<UserSessionId>, expires_at, age, limit)
            }
            Perishable::EmailLinks => {
                purge_expired!(s, email_links, (id): Id<EmailLinkId>, expires_at, age, limit)
            }
            Perishable::LoginThrottles => {
                purge_expired!(s, login_throttles, (subject): String, window_started_at, age, limit)
            }
            Perishable::Invitations => {
                purge_expired!(s, invitations, (id): Id<InvitationId>, expires_at, age, limit)
            }
            Perishable::TeamDeletions => {
                purge_expired!(s, team_deletions, (team_id): Id<TeamId>, expires_at, age, limit)
            }
            Perishable::OwnershipOffers => {
                purge_expired!(s, ownership_offers, (team_id): Id<TeamId>, expires_at, age, limit)
            }
        };
        session.commit_or_fail().await?;
        Ok(deleted as u64)
    }
}
