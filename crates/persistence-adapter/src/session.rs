//! A connection in use: for one transaction or for one read. The same query code runs on both
//! databases through `on_session!`. Knows no table.

use crate::failure::{ConnectionLost, store_error, unavailable};
use crate::postgres::{PostgresConnection, PostgresLink};
use crate::sqlite::{ReaderLink, SqliteConnection, WriterLease};
use diesel::QueryResult;
use domain::ids::TeamId;
use domain::ports::{CommitError, StoreError};
use domain::team_event::{TeamEventSubject, TeamEventType};

/// Where a session's statements go.
pub(crate) enum Link {
    /// A pooled connection, inside a transaction or not.
    Postgres(Box<PostgresLink>),
    /// The only writing connection of the file, inside a transaction.
    SqliteWriter(WriterLease),
    /// A connection that can only read.
    SqliteReader(ReaderLink),
}

/// The connection itself, for `on_session!`.
pub(crate) enum Connection<'session> {
    Postgres(&'session mut PostgresConnection),
    Sqlite(&'session mut SqliteConnection),
}

/// Something that happened in a team, which its feed will tell.
pub(crate) struct Told {
    pub(crate) team_id: TeamId,
    pub(crate) event_type: TeamEventType,
    pub(crate) subject: TeamEventSubject,
}

/// A connection in use. Dropped without [`Session::commit`], its transaction is rolled back.
pub(crate) struct Session {
    link: Link,
    /// True from before a statement is sent until its answer is there. A session dropped meanwhile
    /// cannot know what state its connection is in and closes it.
    is_statement_open: bool,
    has_failed: bool,
    told: Vec<Told>,
}

impl Session {
    pub(crate) fn new(link: Link) -> Self {
        Self {
            link,
            is_statement_open: false,
            has_failed: false,
            told: Vec::new(),
        }
    }

    /// Keeps what happened in a team until the transaction ends.
    pub(crate) fn tell(
        &mut self,
        team_id: TeamId,
        event_type: TeamEventType,
        subject: TeamEventSubject,
    ) {
        self.told.push(Told {
            team_id,
            event_type,
            subject,
        });
    }

    /// What is to be written before the commit.
    pub(crate) fn take_told(&mut self) -> Vec<Told> {
        std::mem::take(&mut self.told)
    }

    /// Before each statement; called by `on_session!`.
    pub(crate) fn open_statement(&mut self) -> Result<Connection<'_>, StoreError> {
        self.is_statement_open = true;
        let connection = match &mut self.link {
            Link::Postgres(link) => link.connection().map(Connection::Postgres),
            Link::SqliteWriter(lease) => lease.connection().map(Connection::Sqlite),
            Link::SqliteReader(link) => link.connection().map(Connection::Sqlite),
        };
        connection.ok_or_else(|| unavailable(ConnectionLost::Broken))
    }

    /// After each statement; called by `on_session!`.
    pub(crate) fn close_statement<T>(&mut self, result: QueryResult<T>) -> Result<T, StoreError> {
        self.is_statement_open = false;
        self.has_failed |= result.is_err();
        result.map_err(store_error)
    }

    /// Whether statements go to PostgreSQL, for the few that only one database needs.
    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self.link, Link::Postgres(_))
    }

    /// Stores the transaction. After a failed statement there is nothing left to store, although
    /// PostgreSQL would answer such a COMMIT without an error.
    pub(crate) async fn commit(mut self) -> Result<(), CommitError> {
        debug_assert!(self.told.is_empty(), "events are written before the commit");
        if self.has_failed || self.is_statement_open {
            let source = unavailable(ConnectionLost::StatementFailed);
            return Err(CommitError::RolledBack(source));
        }
        match &mut self.link {
            Link::Postgres(link) => link.commit().await,
            Link::SqliteWriter(lease) => lease.commit().await,
            Link::SqliteReader(_) => Ok(()),
        }
    }

    /// The same for callers that cannot look up what became of a lost answer: it counts as not
    /// stored, and their contract allows that it was.
    pub(crate) async fn commit_or_fail(self) -> Result<(), StoreError> {
        self.commit().await.map_err(|error| match error {
            CommitError::RolledBack(error) => error,
            CommitError::OutcomeUnknown(source) => StoreError::Unavailable(source),
        })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.is_statement_open {
            match &mut self.link {
                Link::Postgres(link) => link.close(),
                Link::SqliteWriter(lease) => lease.close(),
                Link::SqliteReader(link) => link.close(),
            }
        }
    }
}

/// Runs one statement on whichever database the session talks to: the body is type-checked once
/// for each, and must be a single expression that gives a `QueryResult`, without `?`.
macro_rules! on_session {
    ($session:expr, $connection:ident => $statement:expr) => {{
        let session: &mut $crate::session::Session = $session;
        let result: diesel::QueryResult<_> = match session.open_statement()? {
            $crate::session::Connection::Postgres($connection) => $statement,
            $crate::session::Connection::Sqlite($connection) => $statement,
        };
        session.close_statement(result)
    }};
}
pub(crate) use on_session;
