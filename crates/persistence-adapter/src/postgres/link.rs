//! One pooled connection in use, and what happens to its transaction when it is dropped.

use super::PostgresConnection;
use crate::failure::{ConnectionLost, commit_error, unavailable};
use diesel_async::SimpleAsyncConnection;
use diesel_async::pooled_connection::deadpool::Object;
use domain::ports::{CommitError, StoreError};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::task::TaskTracker;

/// A rollback that takes longer is given up; closing the connection rolls back as well.
const ROLLBACK_TIMEOUT: Duration = Duration::from_secs(3);

/// A pooled connection in use.
pub(crate) struct PostgresLink {
    connection: Option<Object<PostgresConnection>>,
    permit: Option<OwnedSemaphorePermit>,
    is_in_transaction: bool,
    tasks: TaskTracker,
}

impl PostgresLink {
    pub(super) fn new(
        connection: Object<PostgresConnection>,
        permit: OwnedSemaphorePermit,
        tasks: TaskTracker,
    ) -> Self {
        Self {
            connection: Some(connection),
            permit: Some(permit),
            is_in_transaction: false,
            tasks,
        }
    }

    /// The connection; `None` after [`PostgresLink::close`].
    pub(crate) fn connection(&mut self) -> Option<&mut PostgresConnection> {
        self.connection.as_deref_mut()
    }

    pub(super) async fn begin(&mut self) -> Result<(), StoreError> {
        // Set first: dropped while BEGIN is under way, the connection must not go back unseen.
        self.is_in_transaction = true;
        let begun = match self.connection() {
            Some(connection) => connection.batch_execute("BEGIN").await.map_err(unavailable),
            None => Err(unavailable(ConnectionLost::Broken)),
        };
        if begun.is_err() {
            self.close();
        }
        begun
    }

    /// Stores the transaction. A connection that fails at it is not used again.
    pub(crate) async fn commit(&mut self) -> Result<(), CommitError> {
        // Taken out: dropped while COMMIT is under way, the connection is closed.
        let Some(object) = self.connection.take() else {
            return Err(CommitError::RolledBack(unavailable(ConnectionLost::Broken)));
        };
        let mut committing = ClosedUnlessKept(Some(object));
        let result = committing.batch_execute("COMMIT").await;
        self.is_in_transaction = false;
        if result.is_ok() {
            self.connection = committing.0.take();
        }
        result.map_err(commit_error)
    }

    /// Closes the connection instead of giving it back; the server rolls back what was open.
    pub(crate) fn close(&mut self) {
        if let Some(object) = self.connection.take() {
            drop(Object::take(object));
        }
    }
}

impl Drop for PostgresLink {
    /// An open transaction is rolled back behind the caller's back, so that its locks go at once and
    /// the connection stays usable.
    fn drop(&mut self) {
        let Some(object) = self.connection.take() else {
            return;
        };
        if !self.is_in_transaction {
            return;
        }
        let mut rolling_back = ClosedUnlessKept(Some(object));
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        let permit = self.permit.take();
        let rollback = async move {
            let statement = rolling_back.batch_execute("ROLLBACK");
            if let Ok(Ok(())) = tokio::time::timeout(ROLLBACK_TIMEOUT, statement).await {
                drop(rolling_back.0.take());
            }
            drop(rolling_back);
            drop(permit);
        };
        drop(self.tasks.spawn_on(rollback, &runtime));
    }
}

/// A connection that is closed when it is dropped, because nobody knows what state it is in.
struct ClosedUnlessKept(Option<Object<PostgresConnection>>);

impl ClosedUnlessKept {
    async fn batch_execute(&mut self, sql: &str) -> diesel::QueryResult<()> {
        match self.0.as_mut() {
            Some(object) => object.batch_execute(sql).await,
            None => Err(diesel::result::Error::NotInTransaction),
        }
    }
}

impl Drop for ClosedUnlessKept {
    fn drop(&mut self) {
        if let Some(object) = self.0.take() {
            drop(Object::take(object));
        }
    }
}
