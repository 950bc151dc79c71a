//! Remembered requests.

use crate::postgres::PostgresConnection;
use crate::schema::idempotency_records as records;
use crate::session::{Connection, Session, on_session};
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
        let began = Instant::now();
        match insert(self, scope, record).await {
            // The driver does not pass on the code of a lock timeout, and its text depends on the
            // server's language. Nothing else lets one insert fail just after that long.
            Err(StoreError::Unavailable(_)) if began.elapsed() >= IN_FLIGHT_WAIT => {
                Err(StoreError::Conflict(Conflict::IdempotencyInFlight))
            }
            inserted => inserted,
        }
    }
}

/// SQLite has one writer at a time, so nobody waits for another's key there.
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
    let statement = diesel::insert_into(records::table)
        .values(row)
        .prepared_once();
    let inserted = match session.open_statement()? {
        Connection::Sqlite(connection) => statement.execute(connection).await,
        Connection::Postgres(connection) => {
            let connection: &PostgresConnection = connection;
            let bound = format!("SET LOCAL lock_timeout = {}", IN_FLIGHT_WAIT.as_millis());
            let (mut first, mut second, mut third) = (connection, connection, connection);
            // Sent together; the server takes them one after the other.
            let (bounded, inserted, unbounded) = futures::join!(
                first.batch_execute(&bound),
                statement.execute(&mut second),
                third.batch_execute("SET LOCAL lock_timeout TO DEFAULT"),
            );
            bounded
                .and(inserted)
                .and_then(|rows| unbounded.map(|()| rows))
        }
    };
    session.close_statement(inserted).map(drop)
}
