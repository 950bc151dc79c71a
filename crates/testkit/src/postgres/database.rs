//! A database for each test, in a server that others use too.

use super::PostgresServer;
use crate::environment;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// A server that belongs to the whole run.
pub struct SharedPostgres {
    url: String,
    _server: Option<PostgresServer>,
}

impl SharedPostgres {
    pub(super) fn of_the_run(url: String) -> Self {
        Self { url, _server: None }
    }

    pub(super) fn of_this_process(server: PostgresServer) -> Self {
        Self {
            url: server.url("postgres"),
            _server: Some(server),
        }
    }

    /// Creates an empty database with a fresh name and gives its URL. It goes with the server.
    pub fn create_database(&self) -> DatabaseUrl {
        let programs = environment::postgres_program_folder().expect(super::MISSING);
        create(&programs, &self.url)
    }

    /// Creates a copy of the database of that name, with a fresh name. Whoever finds no such database has one
    /// prepared; when several do so at once, the first to be ready gives the name and the others use its work.
    pub async fn create_copy(
        &self,
        original: &str,
        prepare: impl AsyncFnOnce(&DatabaseUrl),
    ) -> DatabaseUrl {
        let programs = environment::postgres_program_folder().expect(super::MISSING);
        if let Ok(copy) = try_to_create(&programs, &self.url, original) {
            return copy;
        }
        let prepared = create(&programs, &self.url);
        prepare(&prepared).await;
        let (_, name) = prepared.0.rsplit_once('/').expect("it ends in a name");
        // Connections that are on their way out would be in the way.
        let disconnect = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        );
        let rename = format!("ALTER DATABASE {name} RENAME TO {original}");
        let renamed = run(&programs, &self.url, &[&disconnect, &rename]);
        try_to_create(&programs, &self.url, original)
            .unwrap_or_else(|error| panic!("no copy of {original}: {renamed:?}, {error}"))
    }
}

/// The URL of a database that belongs to one test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The URL, without a password.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for DatabaseUrl {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// `template0` has no connections that could be in the way of copying it.
pub(super) fn create(programs: &Path, maintenance_url: &str) -> DatabaseUrl {
    try_to_create(programs, maintenance_url, "template0")
        .unwrap_or_else(|error| panic!("the database was not created: {error}"))
}

/// Names carry process id and time because processes of one run share a server.
fn try_to_create(
    programs: &Path,
    maintenance_url: &str,
    original: &str,
) -> Result<DatabaseUrl, String> {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let name = format!(
        "test_{}_{}_{}",
        std::process::id(),
        boot_nanoseconds(),
        COUNTER.fetch_add(1, Ordering::Relaxed)
    );
    let creation = format!("CREATE DATABASE {name} TEMPLATE {original}");
    run(programs, maintenance_url, &[&creation])?;
    let (server, _) = maintenance_url
        .rsplit_once('/')
        .expect("the URL ends in a database name");
    Ok(DatabaseUrl(format!("{server}/{name}")))
}

/// Each statement in a transaction of its own; what the server says when one fails.
fn run(programs: &Path, url: &str, statements: &[&str]) -> Result<(), String> {
    let mut command = Command::new(programs.join("psql"));
    command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url]);
    for statement in statements {
        command.args(["-c", statement]);
    }
    let output = command
        .output()
        .expect("psql stands beside the other programs");
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

/// A fraction of the machine's uptime: tells apart two processes that had the same id in turn.
fn boot_nanoseconds() -> i64 {
    rustix::time::clock_gettime(rustix::time::ClockId::Boottime).tv_nsec
}
