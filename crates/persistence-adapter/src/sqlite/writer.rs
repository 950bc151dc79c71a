//! Asking for the only writer, and giving it back. Who gets it next is decided in `arbiter`.

use super::SqliteConnection;
use super::arbiter::Arbiter;
use super::file_lock::FileLock;
use super::lanes::{Lanes, Request};
use crate::failure::{ConnectionLost, unavailable};
use domain::ports::{CommitError, PoolLoad, StoreError, WritePriority};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// More than this many waiting in one lane cannot all be served within the wait.
const LANE_CAPACITY: usize = 1024;

/// Where writers queue up.
pub(super) struct Writer {
    workers: mpsc::Sender<Request>,
    interactive: mpsc::Sender<Request>,
    wait: Duration,
}

impl Writer {
    pub(super) fn start(
        path: String,
        connection: SqliteConnection,
        lock: FileLock,
        wait: Duration,
        tasks: &TaskTracker,
        stop: CancellationToken,
    ) -> Self {
        let (workers, worker_lane) = mpsc::channel(LANE_CAPACITY);
        let (interactive, interactive_lane) = mpsc::channel(LANE_CAPACITY);
        let lanes = Lanes::new(worker_lane, interactive_lane, stop);
        drop(tasks.spawn(Arbiter::new(path, connection, lock).run(lanes)));
        Self {
            workers,
            interactive,
            wait,
        }
    }

    /// The writer, inside a transaction that nobody else sees.
    pub(super) async fn lease(&self, priority: WritePriority) -> Result<WriterLease, StoreError> {
        let lane = match priority {
            WritePriority::Worker => &self.workers,
            WritePriority::Interactive => &self.interactive,
        };
        let (grant, granted) = oneshot::channel();
        lane.try_send(Request { grant })
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => StoreError::Busy,
                mpsc::error::TrySendError::Closed(_) => unavailable(ConnectionLost::Closed),
            })?;
        // A lease that is granted just as the wait ends is dropped, and so given back.
        tokio::time::timeout(self.wait, granted)
            .await
            .map_err(|_| StoreError::Busy)?
            .map_err(|_| unavailable(ConnectionLost::Closed))?
    }
}

impl Writer {
    /// How many wait for the writer; who has given up is counted until it would have been its turn.
    pub(super) fn load(&self) -> PoolLoad {
        let queued = |lane: &mpsc::Sender<Request>| lane.max_capacity() - lane.capacity();
        PoolLoad {
            pool: "sqlite_writer",
            size: 1,
            used: None,
            waiting: queued(&self.workers) + queued(&self.interactive),
        }
    }
}

/// How a unit of work ended.
pub(super) enum Returned {
    /// Its writes are to be stored; the answer is awaited.
    Commit(SqliteConnection, oneshot::Sender<Result<(), CommitError>>),
    /// Its writes are to be undone.
    RollBack(SqliteConnection),
}

/// The only writer, lent for one unit of work. Dropped, its writes are undone.
pub(crate) struct WriterLease {
    connection: Option<SqliteConnection>,
    /// Dropped without a word, it tells the arbiter that the connection is gone.
    give_back: Option<oneshot::Sender<Returned>>,
}

impl WriterLease {
    pub(super) fn new(connection: SqliteConnection, give_back: oneshot::Sender<Returned>) -> Self {
        Self {
            connection: Some(connection),
            give_back: Some(give_back),
        }
    }

    /// The connection; `None` after [`WriterLease::close`].
    pub(crate) fn connection(&mut self) -> Option<&mut SqliteConnection> {
        self.connection.as_mut()
    }

    /// Stores the writes durably. Units of work that follow closely share one COMMIT; each is
    /// answered only after it.
    pub(crate) async fn commit(&mut self) -> Result<(), CommitError> {
        let lost = || CommitError::RolledBack(unavailable(ConnectionLost::Broken));
        let (Some(connection), Some(give_back)) = (self.connection.take(), self.give_back.take())
        else {
            return Err(lost());
        };
        let (answer, answered) = oneshot::channel();
        if give_back
            .send(Returned::Commit(connection, answer))
            .is_err()
        {
            return Err(lost());
        }
        answered
            .await
            .unwrap_or_else(|_| Err(CommitError::OutcomeUnknown(ConnectionLost::Closed.into())))
    }

    /// Closes the connection instead of giving it back: everything since the last COMMIT is undone.
    pub(crate) fn close(&mut self) {
        drop(self.connection.take());
        drop(self.give_back.take());
    }
}

impl Drop for WriterLease {
    fn drop(&mut self) {
        if let (Some(connection), Some(give_back)) = (self.connection.take(), self.give_back.take())
        {
            // Nobody listens any more when the store is closing; the connection closes with it.
            drop(give_back.send(Returned::RollBack(connection)));
        }
    }
}
