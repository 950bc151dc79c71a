//! The queue of live jobs: who may take which job, who holds it, and what the holder writes.

mod claim;
mod cursor;
pub(crate) mod fairness;
pub(crate) mod hold;
mod journal;
mod leases;
pub(crate) mod lines;
pub(crate) mod log;
pub(crate) mod pending;
mod rest;
pub(crate) mod turns;

use crate::database::Database;
use crate::stores::team_events;
use async_trait::async_trait;
use domain::ids::{JobId, ProcessId};
use domain::job::journal::StepAttempt;
use domain::ports::{ClaimRequest, ClaimedJob, JobHold, JobQueue, StoreError, WritePriority};
use std::time::Duration;

#[async_trait]
impl JobQueue for Database {
    #[tracing::instrument(name = "store.job_queue.claim", level = "debug", skip_all)]
    async fn claim_jobs(&self, request: &ClaimRequest) -> Result<Vec<ClaimedJob>, StoreError> {
        let mut session = self.begin_session(WritePriority::Worker).await?;
        let claimed = claim::claim_jobs(&mut session, request).await?;
        if !claimed.is_empty() {
            team_events::write_told(&mut session).await?;
            session.commit_or_fail().await?;
        }
        Ok(claimed)
    }

    #[tracing::instrument(name = "store.job_queue.renew_leases", level = "debug", skip_all)]
    async fn renew_leases(
        &self,
        process: ProcessId,
        jobs: &[JobId],
    ) -> Result<Vec<(JobId, i64)>, StoreError> {
        if jobs.is_empty() {
            return Ok(Vec::new());
        }
        let mut session = self.begin_session(WritePriority::Worker).await?;
        let held = leases::renew(&mut session, process, jobs).await?;
        session.commit_or_fail().await?;
        Ok(held)
    }

    async fn expire_leases_of(
        &self,
        process: ProcessId,
        running: &[JobId],
    ) -> Result<(), StoreError> {
        let mut session = self.begin_session(WritePriority::Worker).await?;
        leases::give_back_all_of(&mut session, process, running).await?;
        session.commit_or_fail().await
    }

    async fn hand_back(&self, hold: &JobHold, after: Duration) -> Result<(), StoreError> {
        let mut session = self.begin_session(WritePriority::Worker).await?;
        leases::give_back(&mut session, hold, after).await?;
        session.commit_or_fail().await
    }

    async fn expire_all_leases(&self) -> Result<(), StoreError> {
        let mut session = self.begin_session(WritePriority::Worker).await?;
        leases::end_all(&mut session).await?;
        session.commit_or_fail().await
    }

    async fn load_journal(&self, job: JobId) -> Result<Vec<StepAttempt>, StoreError> {
        journal::load(&mut self.read_session().await?, job).await
    }

    async fn next_due_in(&self) -> Result<Option<Duration>, StoreError> {
        cursor::next_due_in(&mut self.read_session().await?).await
    }
}
