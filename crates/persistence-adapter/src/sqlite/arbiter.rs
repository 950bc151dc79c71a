//! Lends the only writer to one unit of work after the other. Those that follow closely become
//! savepoints of one outer transaction, so that one write to the disk stores them all.

use super::file_lock::FileLock;
use super::lanes::{Lanes, Request};
use super::writer::{Returned, WriterLease};
use super::{SqliteConnection, connection};
use crate::failure::{ConnectionLost, unavailable};
use diesel::QueryResult;
use diesel_async::SimpleAsyncConnection;
use domain::planted::{self, Fault};
use domain::ports::{CommitError, StoreError};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

/// Most units of work in a group: beyond this, sharing the commit gains little.
const GROUP_SIZE_MAX: usize = 32;
/// A group takes no new member after this long: the first one waits for its answer.
const GROUP_AGE_MAX: Duration = Duration::from_millis(10);

/// Keeps what the unit wrote. Not needed before a COMMIT, which keeps everything.
const KEEP_UNIT: &str = "RELEASE unit";
const UNDO_UNIT: &str = "ROLLBACK TO unit; RELEASE unit";

type Answer = oneshot::Sender<Result<(), CommitError>>;

/// The owner of the only writer.
pub(super) struct Arbiter {
    path: String,
    /// Absent after it was lost; the next request opens another one.
    connection: Option<SqliteConnection>,
    _lock: FileLock,
}

impl Arbiter {
    pub(super) fn new(path: String, connection: SqliteConnection, lock: FileLock) -> Self {
        Self {
            path,
            connection: Some(connection),
            _lock: lock,
        }
    }

    /// Serves until the store closes.
    pub(super) async fn run(mut self, mut lanes: Lanes) {
        while let Some(request) = lanes.next().await {
            match self.begin().await {
                Ok(connection) => {
                    self.connection = run_group(connection, request, &mut lanes).await;
                }
                Err(error) => drop(request.grant.send(Err(error))),
            }
        }
    }

    async fn begin(&mut self) -> Result<SqliteConnection, StoreError> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => connection::open_writer(&self.path)
                .await
                .map_err(unavailable)?,
        };
        let begin = if planted::is_on(Fault::WriteLockTakenLate) {
            "BEGIN; SAVEPOINT unit"
        } else {
            "BEGIN IMMEDIATE; SAVEPOINT unit"
        };
        connection.batch_execute(begin).await.map_err(unavailable)?;
        Ok(connection)
    }
}

/// Runs one group; gives the connection back unless it was lost.
async fn run_group(
    mut connection: SqliteConnection,
    mut request: Request,
    lanes: &mut Lanes,
) -> Option<SqliteConnection> {
    let began = Instant::now();
    let mut answers = Vec::new();
    for members in 1.. {
        let Some((returned, end_of_unit)) = lend(connection, request, &mut answers).await else {
            undo_all(answers);
            return None;
        };
        connection = returned;
        let has_room = members < GROUP_SIZE_MAX && began.elapsed() < GROUP_AGE_MAX;
        match has_room.then(|| lanes.next_waiting()).flatten() {
            None => return end_group(connection, end_of_unit, answers).await,
            Some(next) => request = next,
        }
        let next_unit = format!("{end_of_unit}; SAVEPOINT unit");
        if connection.batch_execute(&next_unit).await.is_err() {
            // A failure that ended the whole transaction, such as a full disk.
            undo_all(answers);
            return None;
        }
    }
    Some(connection)
}

/// Lends the connection for one unit of work. Gives it back with the statements that end the unit,
/// or nothing when the connection was lost.
async fn lend(
    connection: SqliteConnection,
    request: Request,
    answers: &mut Vec<Answer>,
) -> Option<(SqliteConnection, &'static str)> {
    let (give_back, returned) = oneshot::channel();
    // A lease that is not taken comes back as a roll-back, like one that is dropped.
    drop(
        request
            .grant
            .send(Ok(WriterLease::new(connection, give_back))),
    );
    match returned.await.ok()? {
        Returned::Commit(connection, answer) => {
            answers.push(answer);
            Some((connection, KEEP_UNIT))
        }
        Returned::RollBack(connection) => Some((connection, UNDO_UNIT)),
    }
}

async fn end_group(
    mut connection: SqliteConnection,
    end_of_unit: &'static str,
    answers: Vec<Answer>,
) -> Option<SqliteConnection> {
    if answers.is_empty() {
        return connection
            .batch_execute("ROLLBACK")
            .await
            .is_ok()
            .then_some(connection);
    }
    if end_of_unit == UNDO_UNIT && connection.batch_execute(UNDO_UNIT).await.is_err() {
        undo_all(answers);
        return None;
    }
    // It waits for the disk: the other tasks of this thread move to another one meanwhile.
    let result = tokio::task::block_in_place(|| {
        Handle::current().block_on(connection.batch_execute("COMMIT"))
    });
    let is_stored = result.is_ok();
    answer_all(answers, &result);
    is_stored.then_some(connection)
}

/// A COMMIT that fails on the way to the disk may be found there after all by the next recovery.
fn answer_all(answers: Vec<Answer>, result: &QueryResult<()>) {
    for answer in answers {
        let answered = match result {
            Ok(()) => Ok(()),
            Err(error) => Err(CommitError::OutcomeUnknown(error.to_string().into())),
        };
        // Who no longer listens was cancelled while it waited; its writes are stored all the same.
        drop(answer.send(answered));
    }
}

fn undo_all(answers: Vec<Answer>) {
    for answer in answers {
        let error = CommitError::RolledBack(unavailable(ConnectionLost::Broken));
        drop(answer.send(Err(error)));
    }
}
