//! What the machine itself can do, so that figures are ratios: bare commits, and PostgreSQL's own benchmark.

use super::{Figures, counting};
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};
use std::process::Command;
use std::time::Instant;
use tempfile::TempDir;
use testkit::postgres::PostgresServer;

const CLIENTS: &str = "16";
const ONE_INSERT: &str = "INSERT INTO bare (text) VALUES ('one row');\n";

/// Commits of one row each, one after the other, with the settings that the store has.
pub(super) fn bare_commits(folder: &TempDir, commits: u32) -> u64 {
    let path = folder.path().join("bare.sqlite");
    let path = path.to_str().expect("UTF-8");
    let mut connection = SqliteConnection::establish(path).expect("opened");
    let set_up =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE bare (text TEXT);";
    connection.batch_execute(set_up).expect("set up");
    let began = Instant::now();
    for _ in 0..commits {
        connection.batch_execute(ONE_INSERT).expect("stored");
    }
    counting::per_second(commits, began.elapsed())
}

/// `pgbench` on the server that is measured.
pub(super) struct Baseline<'a> {
    server: &'a PostgresServer,
    url: String,
}

impl<'a> Baseline<'a> {
    pub(super) fn new(server: &'a PostgresServer) -> Self {
        let url = server.create_database().as_str().to_owned();
        Self { server, url }
    }

    /// Its default script, and one row a commit, at the same number of clients.
    pub(super) fn measure(&self, jobs: u32, figures: &mut Figures) {
        self.run(&["-i", "-q", "-s", "10"]);
        let table =
            "CREATE TABLE bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text)";
        let created = Command::new(self.server.program("psql"))
            .args(["-q", "-c", table, &self.url])
            .status();
        assert!(created.expect("psql is there").success());
        let script = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(script.path(), ONE_INSERT).expect("written");
        let seconds = (jobs / 2_000).clamp(1, 20).to_string();
        let common = [
            "-M", "prepared", "-n", "-c", CLIENTS, "-j", "2", "-T", &seconds,
        ];
        let default = self.run(&common);
        figures.insert("pgbench_default_per_second".to_owned(), default.into());
        let file = script.path().to_str().expect("UTF-8");
        let insert = self.run(&[&common[..], &["-f", file]].concat());
        figures.insert("pgbench_insert_per_second".to_owned(), insert.into());
    }

    /// Transactions per second, if it says so.
    fn run(&self, arguments: &[&str]) -> u64 {
        let output = Command::new(self.server.program("pgbench"))
            .args(arguments)
            .arg(&self.url)
            .output()
            .expect("pgbench is there");
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let line = printed.lines().find_map(|line| line.strip_prefix("tps = "));
        let number = line.and_then(|line| line.split(['.', ' ']).next());
        number.and_then(|number| number.parse().ok()).unwrap_or(0)
    }
}
