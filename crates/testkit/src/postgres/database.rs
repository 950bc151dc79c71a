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

/// Names carry process id and time because processes of one run share a server. `template0` has no
/// connections that could be in the way of copying it.
pub(super) fn create(programs: &Path, maintenance_url: &str) -> DatabaseUrl {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let name = format!(
        "test_{}_{}_{}",
        std::process::id(),
        boot_nanoseconds(),
        COUNTER.fetch_add(1, Ordering::Relaxed)
    );
    let output = Command::new(programs.join("psql"))
        .args([
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            maintenance_url,
            "-c",
        ])
        .arg(format!("CREATE DATABASE {name} TEMPLATE template0"))
        .output()
        .expect("psql stands beside the other programs");
    assert!(
        output.status.success(),
        "the database was not created: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let (server, _) = maintenance_url
        .rsplit_once('/')
        .expect("the URL ends in a database name");
    DatabaseUrl(format!("{server}/{name}"))
}

/// A fraction of the machine's uptime: tells apart two processes that had the same id in turn.
fn boot_nanoseconds() -> i64 {
    rustix::time::clock_gettime(rustix::time::ClockId::Boottime).tv_nsec
}
