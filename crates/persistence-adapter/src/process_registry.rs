//! Which processes share the database.

use crate::database::Database;
use crate::failure::inconsistent;
use crate::schema::processes;
use crate::session::{Session, on_session};
use crate::sql::{Id, database_now, database_now_before, database_now_plus};
use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use domain::ids::ProcessId;
use domain::limits::JOB_HEARTBEAT;
use domain::ports::{ProcessRegistry, RegisteredProcess, StoreError, WritePriority};
use std::time::Duration;

/// Two renewals may be lost.
const LEASE: Duration = JOB_HEARTBEAT.saturating_mul(3);
/// Makes processes that register at once see each other. Released by the commit.
const LOCK_PROCESSES: &str = "LOCK TABLE processes IN SHARE ROW EXCLUSIVE MODE";

#[async_trait]
impl ProcessRegistry for Database {
    async fn register(
        &self,
        process: &RegisteredProcess,
    ) -> Result<Vec<RegisteredProcess>, StoreError> {
        let mut session = self.begin_session(WritePriority::Interactive).await?;
        if session.is_postgres() {
            on_session!(&mut session, c => c.batch_execute(LOCK_PROCESSES).await)?;
        }
        forget_the_dead(&mut session).await?;
        write(&mut session, process).await?;
        let mut living = list_living(&mut session).await?;
        session.commit_or_fail().await?;
        living.retain(|other| other.id != process.id);
        Ok(living)
    }

    async fn renew(&self, process: ProcessId, key_ids: &[String]) -> Result<(), StoreError> {
        let mut session = self.begin_session(WritePriority::Worker).await?;
        let updated = on_session!(&mut session, c => diesel::update(processes::table.find(Id(process)))
            .set((
                processes::lease_until.eq(database_now_plus(LEASE)),
                processes::key_ids.eq(key_ids.join(" ")),
            ))
            .execute(c)
            .await)?;
        if updated == 0 {
            return Err(inconsistent(
                "processes",
                "id",
                "the process is not registered",
            ));
        }
        session.commit_or_fail().await
    }

    async fn list_living(&self) -> Result<Vec<RegisteredProcess>, StoreError> {
        list_living(&mut self.read_session().await?).await
    }

    async fn leave(&self, process: ProcessId) -> Result<(), StoreError> {
        let mut session = self.begin_session(WritePriority::Interactive).await?;
        on_session!(&mut session, c => diesel::delete(processes::table.find(Id(process)))
            .execute(c)
            .await)?;
        session.commit_or_fail().await
    }
}

/// A process that only slept comes back by renewing, so its row stays long after its lease.
async fn forget_the_dead(session: &mut Session) -> Result<(), StoreError> {
    const KEPT: Duration = Duration::from_hours(24);
    on_session!(session, c => diesel::delete(processes::table)
        .filter(processes::lease_until.lt(database_now_before(KEPT)))
        .execute(c)
        .await)?;
    Ok(())
}

async fn write(session: &mut Session, process: &RegisteredProcess) -> Result<(), StoreError> {
    let row = (
        processes::id.eq(Id(process.id)),
        processes::role.eq(&process.role),
        processes::is_coordinated.eq(process.is_coordinated),
        processes::lease_until.eq(database_now_plus(LEASE)),
        processes::key_ids.eq(process.key_ids.join(" ")),
    );
    on_session!(session, c => diesel::insert_into(processes::table)
        .values(row)
        .on_conflict(processes::id)
        .do_update()
        .set((
            processes::role.eq(&process.role),
            processes::is_coordinated.eq(process.is_coordinated),
            processes::lease_until.eq(database_now_plus(LEASE)),
            processes::key_ids.eq(process.key_ids.join(" ")),
        ))
        .execute(c)
        .await)?;
    Ok(())
}

async fn list_living(session: &mut Session) -> Result<Vec<RegisteredProcess>, StoreError> {
    let rows: Vec<(Id<ProcessId>, String, bool, String)> = on_session!(session, c => processes::table
        .filter(processes::lease_until.gt(database_now()))
        .select((
            processes::id,
            processes::role,
            processes::is_coordinated,
            processes::key_ids,
        ))
        .order(processes::id)
        .load(c)
        .await)?;
    Ok(rows
        .into_iter()
        .map(|(id, role, is_coordinated, key_ids)| RegisteredProcess {
            id: id.0,
            role,
            is_coordinated,
            key_ids: key_ids.split_whitespace().map(str::to_owned).collect(),
        })
        .collect())
}
