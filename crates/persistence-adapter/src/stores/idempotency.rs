//! Remembered requests.

use crate::schema::idempotency_records as records;
use crate::session::{Session, on_session};
use crate::sql::{Id, PrepareOnce as _, database_now};
use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use domain::ids::JobId;
use domain::ports::{Conflict, IdempotencyRecord, IdempotencyScope, IdempotencyStore, StoreError};
use std::time::{Duration, Instant};

/// How long an insert waits for another transaction that has the same key.
const IN_FLIGHT_WAIT: Duration = Duration::from_millis(250);

#[async_trait]
impl IdempotencyStore for Session {
    async fn find_idempotency_record(
        &mut self,
        scope: &IdempotencyScope,
    ) -> Result<Option<IdempotencyRecord>, StoreError> {
        let row: Option<(Vec<u8>, Id<JobId>)> = on_session!(self, c => records::table
            .find((
                Id(scope.team_id),
                &scope.principal,
                scope.operation,
                scope.key.as_str(),
            ))
            .select((records::fingerprint, records::job_id))
            .first(c)
            .await
            .optional())?;
        Ok(row.map(|(fingerprint, job_id)| IdempotencyRecord {
            fingerprint,
            job_id: job_id.0,
        }))
    }

    async fn insert_idempotency_record(
        &mut self,
        scope: &IdempotencyScope,
        record: &IdempotencyRecord,
    ) -> Result<(), StoreError> {
        if !self.is_postgres() {
            return insert(self, scope, record).await;
        }
        let wait = format!("SET LOCAL lock_timeout = {}", IN_FLIGHT_WAIT.as_millis());
        on_session!(self, c => c.batch_execute(&wait).await)?;
        let began = Instant::now();
        match insert(self, scope, record).await {
            // The driver does not pass on the code of a lock timeout, and its text depends on the
            // server's language. Nothing else lets one insert fail just after that long.
            Err(StoreError::Unavailable(_)) if began.elapsed() >= IN_FLIGHT_WAIT => {
                Err(StoreError::Conflict(Conflict::IdempotencyInFlight))
            }
            Err(error) => Err(error),
            Ok(()) => {
                on_session!(self, c => c.batch_execute("SET LOCAL lock_timeout TO DEFAULT").await)
            }
        }
    }
}

async fn insert(
    session: &mut Session,
    scope: &IdempotencyScope,
    record: &IdempotencyRecord,
) -> Result<(), StoreError> {
    let row = (
        records::team_id.eq(Id(scope.team_id)),
        records::principal.eq(&scope.principal),
        records::operation.eq(scope.operation),
        records::key.eq(scope.key.as_str()),
        records::fingerprint.eq(&record.fingerprint),
        records::job_id.eq(Id(record.job_id)),
        records::created_at.eq(database_now()),
    );
    on_session!(session, c => diesel::insert_into(records::table).values(row).prepared_once().execute(c).await)?;
    Ok(())
}
