//! Throwaway PostgreSQL servers from the installed programs. Knows no table of ours.

use crate::environment;
use crate::ports::free_port;
use crate::process::{ManagedProcess, ProcessOptions};
use crate::wait::until_blocking;
use rustix::process::Signal;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tempfile::TempDir;

mod database;
mod identity;
#[cfg(test)]
mod tests;

pub use database::{DatabaseUrl, SharedPostgres};

const READY_DEADLINE: Duration = Duration::from_secs(30);
/// Other processes take free ports as well.
const PORT_ATTEMPTS_MAX: u32 = 5;
const MISSING: &str = "PostgreSQL's programs are not installed: `apt-get install postgresql` \
                       installs them, `cargo xtask test` does so as root, and the variable PG_BIN \
                       names their folder if they are elsewhere";

/// How a server is set up.
#[derive(Debug, Clone, Default)]
pub struct PostgresOptions {
    /// Whether commits reach the disk before they are answered, as they would in production.
    pub is_durable: bool,
    /// More settings, as `name=value`.
    pub settings: Vec<String>,
}

/// A PostgreSQL server of our own, in a folder of its own. It ends when it is dropped, and also
/// when this process is killed.
pub struct PostgresServer {
    process: Option<ManagedProcess>,
    options: PostgresOptions,
    programs: PathBuf,
    port: u16,
    // After the process: the folder goes when nobody writes to it any more.
    folder: TempDir,
}

impl PostgresServer {
    /// Starts a new, empty server. Panics when the programs are missing or it does not start.
    pub fn start(options: PostgresOptions) -> Self {
        let programs = environment::postgres_program_folder().expect(MISSING);
        let folder = tempfile::Builder::new()
            .prefix("windlass-postgres-")
            .tempdir()
            .expect("the folder for temporary files can be written to");
        identity::hand_over(folder.path());
        let mut server = Self {
            process: None,
            options,
            programs,
            port: 0,
            folder,
        };
        server.initialise();
        for _ in 0..PORT_ATTEMPTS_MAX {
            server.port = free_port();
            if server.launch() {
                return server;
            }
        }
        panic!("PostgreSQL does not start:\n{}", server.log());
    }

    /// The server that all tests of this run share: the one `cargo xtask test` started, else one
    /// that lives as long as this process. Tests take a database of their own from it, and never
    /// stop it.
    pub fn shared() -> &'static SharedPostgres {
        static SHARED: OnceLock<SharedPostgres> = OnceLock::new();
        SHARED.get_or_init(
            || match environment::variable(environment::SHARED_POSTGRES_URL) {
                Some(url) => SharedPostgres::of_the_run(url),
                None => SharedPostgres::of_this_process(Self::start(PostgresOptions::default())),
            },
        )
    }

    /// The URL of a database of this server. The same after a restart.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// The TCP port on 127.0.0.1. The same after a restart.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Creates an empty database with a fresh name and gives its URL.
    pub fn create_database(&self) -> DatabaseUrl {
        database::create(&self.programs, &self.url("postgres"))
    }

    /// Stops it without a checkpoint, as a crash of the server would: connections break at once, and
    /// the next start recovers. Does nothing when it is stopped.
    pub fn stop_immediately(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.end();
        }
    }

    /// Stops it if it runs, and starts it again on the same port with the same data.
    pub fn restart(&mut self) {
        self.stop_immediately();
        until_blocking("PostgreSQL has its port again", READY_DEADLINE, || {
            self.launch().then_some(())
        });
    }

    /// Freezes the whole server: connections stay open and nothing is answered.
    pub fn pause(&mut self) {
        self.signal_all(Signal::STOP);
    }

    /// Lets a frozen server go on.
    pub fn resume(&mut self) {
        self.signal_all(Signal::CONT);
    }

    /// A program that belongs to the server's version, such as `pgbench`.
    pub fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    /// What the server wrote to its log.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("postgres.err")).unwrap_or_default()
    }

    fn data_folder(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn initialise(&self) {
        let options = ProcessOptions::new(self.programs.join("initdb"))
            .argument("-D")
            .argument(self.data_folder())
            .arguments(["-U", "postgres", "-A", "trust", "-E", "UTF8"])
            .arguments(["--no-sync", "--no-locale", "--no-instructions"])
            .folder(self.folder.path())
            .identity(identity::unprivileged());
        let mut process = ManagedProcess::spawn(&options, &self.folder.path().join("initdb"));
        let status = process.wait(READY_DEADLINE);
        assert!(status.success(), "initdb failed:\n{}", process.errors());
    }

    /// Whether the server came up; false when it gave up, as it does when its port is taken.
    fn launch(&mut self) -> bool {
        let mut process =
            ManagedProcess::spawn(&self.launch_options(), &self.folder.path().join("postgres"));
        let began = Instant::now();
        while began.elapsed() < READY_DEADLINE && process.is_running() {
            if self.is_ready() {
                self.process = Some(process);
                return true;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        false
    }

    fn launch_options(&self) -> ProcessOptions {
        let mut settings = vec![
            "max_connections=300".to_owned(),
            "shared_buffers=64MB".to_owned(),
            "log_min_messages=warning".to_owned(),
        ];
        if !self.options.is_durable {
            // Commits still reach the operating system before they are answered, so that a crash of
            // the server alone loses none.
            let fast = ["fsync=off", "full_page_writes=off"];
            settings.extend(fast.map(str::to_owned));
        }
        settings.extend(self.options.settings.iter().cloned());
        ProcessOptions::new(self.programs.join("postgres"))
            .argument("-D")
            .argument(self.data_folder())
            .arguments(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-k"])
            .argument(self.folder.path())
            .arguments(
                settings
                    .into_iter()
                    .flat_map(|setting| ["-c".to_owned(), setting]),
            )
            .folder(self.folder.path())
            .identity(identity::unprivileged())
            .end_signal(Signal::QUIT)
            .removed_if_orphaned(self.folder.path())
    }

    /// Asked through the socket in our own folder: a stranger on our port cannot answer there.
    fn is_ready(&self) -> bool {
        Command::new(self.programs.join("pg_isready"))
            .args([
                "-q",
                "-t",
                "1",
                "-U",
                "postgres",
                "-p",
                &self.port.to_string(),
                "-h",
            ])
            .arg(self.folder.path())
            .status()
            .is_ok_and(|status| status.success())
    }

    /// The postmaster and all its children: each connection is served by a process of its own.
    fn signal_all(&mut self, signal: Signal) {
        let process = self.process.as_mut().expect("the server was not stopped");
        let children =
            std::fs::read_to_string(format!("/proc/{id}/task/{id}/children", id = process.id()))
                .unwrap_or_default();
        process.signal(signal);
        for child in children.split_whitespace() {
            if let Some(pid) = child.parse().ok().and_then(rustix::process::Pid::from_raw) {
                // A connection that has just ended has no process any more; that is fine.
                rustix::process::kill_process(pid, signal).ok();
            }
        }
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        if self.process.is_some() {
            self.signal_all(Signal::CONT);
        }
        self.stop_immediately();
    }
}
