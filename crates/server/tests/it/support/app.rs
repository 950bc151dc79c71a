//! `windlass serve` as a process, on the backend that a test wants.

use super::encrypted::EncryptedFront;
use super::{Caller, PATIENCE, configuration_for, found_team, register};
use domain::access::PermissionSet;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use testkit::postgres::PostgresServer;
use testkit::process::{ManagedProcess, ProcessOptions};
use testkit::redis::RedisServer;
use virtuozzo_simulator::{Simulator, SimulatorOptions, World};

/// The owner of the first team.
pub(crate) const OWNER: &str = "olivia@example.com";

/// What Windlass stores and coordinates with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Backend {
    /// SQLite and in-process coordination.
    Embedded,
    /// PostgreSQL and Redis.
    PostgresAndRedis,
}

/// How the platform is spoken to.
#[derive(Debug, Clone, Copy)]
enum Front {
    Plain,
    Encrypted,
}

/// Where a process stores and coordinates.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stores {
    /// None for the embedded database.
    pub(crate) database_url: Option<String>,
    pub(crate) redis_url: Option<String>,
}

/// Windlass and its simulated platform. The process can be killed and started again.
pub(crate) struct App {
    pub(crate) simulator: Simulator,
    pub(crate) folder: TempDir,
    pub(crate) stores: Stores,
    _redis: Option<RedisServer>,
    process: Option<ManagedProcess>,
    _front: Option<EncryptedFront>,
    starts: u32,
    /// What the server process does, as the command line has it.
    role: &'static str,
    /// Whether the server process lives on when the kernel refuses to make a file longer.
    bears_full_disks: bool,
    pub(crate) owner: Caller,
}

impl App {
    /// A fresh Windlass with its first team, and a platform whose work takes no time.
    pub(crate) async fn start(backend: Backend) -> Self {
        Self::start_in(backend, World::example(), 0.0).await
    }

    /// The same with another world, whose work takes `time_scale` of the usual time.
    pub(crate) async fn start_in(backend: Backend, world: World, time_scale: f64) -> Self {
        let app = Self::launch(backend, world, time_scale, Front::Plain).await;
        app.connected().await
    }

    /// The same on databases that the test has started.
    pub(crate) async fn start_on(stores: Stores, world: World) -> Self {
        let app = Self::launch_on(stores, None, world, 0.0, Front::Plain).await;
        app.connected().await
    }

    async fn connected(self) -> Self {
        let app = self;
        let connected = app
            .owner
            .connect_account("owner@example.com", "example-password")
            .await;
        assert!(connected.status.is_success(), "{}", connected.body);
        app
    }

    /// A fresh Windlass whose team has not connected an account.
    pub(crate) async fn start_unconnected(backend: Backend, world: World) -> Self {
        Self::launch(backend, world, 0.0, Front::Plain).await
    }

    /// The same, with a platform that speaks TLS.
    pub(crate) async fn start_encrypted(backend: Backend, world: World) -> Self {
        Self::launch(backend, world, 0.0, Front::Encrypted).await
    }

    async fn launch(backend: Backend, world: World, time_scale: f64, front: Front) -> Self {
        let (stores, redis) = match backend {
            Backend::Embedded => (Stores::default(), None),
            Backend::PostgresAndRedis => {
                let redis = RedisServer::start();
                let database = PostgresServer::shared().create_database();
                let stores = Stores {
                    database_url: Some(database.as_str().to_owned()),
                    redis_url: Some(redis.url()),
                };
                (stores, Some(redis))
            }
        };
        Self::launch_on(stores, redis, world, time_scale, front).await
    }

    async fn launch_on(
        stores: Stores,
        redis: Option<RedisServer>,
        world: World,
        time_scale: f64,
        front: Front,
    ) -> Self {
        let options = SimulatorOptions {
            world,
            time_scale,
            ..SimulatorOptions::default()
        };
        let simulator = Simulator::start(options)
            .await
            .expect("the simulator starts");
        let folder = tempfile::tempdir().expect("a folder for temporary files");
        let front = match front {
            Front::Plain => None,
            Front::Encrypted => Some(EncryptedFront::start(&simulator, folder.path()).await),
        };
        let file = match &front {
            None => configuration_for(&simulator.base_url()),
            Some(front) => front.trusted_in(&configuration_for(&front.base_url())),
        };
        std::fs::write(folder.path().join("windlass.toml"), file).expect("a writable folder");
        let nobody = Caller::new(String::new(), String::new(), None);
        let mut app = Self {
            simulator,
            folder,
            stores,
            _redis: redis,
            process: None,
            _front: front,
            starts: 0,
            role: "all",
            bears_full_disks: false,
            owner: nobody,
        };
        if app.stores.database_url.is_some() {
            let mut migration = app.spawn(&["migrate"], "migrate");
            assert!(migration.wait(PATIENCE).success(), "{}", migration.errors());
        }
        app.serve().await;
        app
    }

    /// Starts the server process and waits until it is ready. At the first start the owner registers
    /// and founds a team.
    pub(crate) async fn serve(&mut self) {
        self.starts += 1;
        let name = format!("serve-{}", self.starts);
        let process = self.spawn(&["serve", "--role", self.role], &name);
        let api = ready(&process).await;
        self.process = Some(process);
        self.owner = if self.starts == 1 {
            let person = register(self, &api, OWNER).await;
            found_team(&person, "First team", PermissionSet::all()).await
        } else {
            self.owner.at(&api, &self.owner.team)
        };
    }

    /// Starts the server process in another role than that of everything.
    pub(crate) async fn serve_as(&mut self, role: &'static str) {
        self.role = role;
        self.serve().await;
    }

    /// Starts the server process so that a limit on the length of files is an error to it, not its end.
    pub(crate) async fn serve_bearing_full_disks(&mut self) {
        self.bears_full_disks = true;
        self.serve().await;
    }

    /// Another process of the same installation.
    pub(crate) fn spawn(&self, arguments: &[&str], name: &str) -> ManagedProcess {
        self.spawn_on(&self.stores, arguments, name)
    }

    /// The same, reaching the databases on another way.
    pub(crate) fn spawn_on(
        &self,
        stores: &Stores,
        arguments: &[&str],
        name: &str,
    ) -> ManagedProcess {
        let begun = if self.bears_full_disks {
            let ignoring = r#"trap "" XFSZ; exec "$0" "$@""#;
            ProcessOptions::new("/bin/sh").arguments(["-c", ignoring, &program()])
        } else {
            ProcessOptions::new(program())
        };
        let mut options = begun
            .arguments(arguments.iter().copied())
            .variable("WINDLASS_CONFIG", self.file())
            .variable("WINDLASS_DATA_DIR", self.folder.path().join("data"))
            .variable("CRASH_POINTS_FOLDER", self.folder.path())
            .folder(self.folder.path());
        if let Some(url) = &stores.database_url {
            options = options.variable("WINDLASS_DATABASE_URL", url);
        }
        if let Some(url) = &stores.redis_url {
            options = options.variable("WINDLASS_REDIS_URL", url);
        }
        ManagedProcess::spawn(&options, &self.folder.path().join(name))
    }

    /// Adds a setting about jobs; the next start of the server reads it.
    pub(crate) fn set_about_jobs(&self, setting: &str) {
        self.change_file("[jobs]", &format!("[jobs]\n{setting}"));
    }

    /// Replaces a text in the configuration; the next start of the server reads it.
    pub(crate) fn change_file(&self, text: &str, replacement: &str) {
        let file = read(&self.file());
        let changed = file.replacen(text, replacement, 1);
        assert_ne!(changed, file, "the file says `{text}`");
        std::fs::write(self.file(), changed).expect("a writable folder");
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("windlass.toml")
    }

    /// The folder with the key ring.
    pub(crate) fn data_folder(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Ends the server process as a power cut would.
    pub(crate) fn kill(&mut self) {
        self.process.take().expect("a running server").kill();
    }

    /// Waits until the server process died at an armed point; says whether it did.
    pub(crate) async fn has_died_within(&mut self, deadline: std::time::Duration) -> bool {
        let mut process = self.process.take().expect("a running server");
        let began = std::time::Instant::now();
        while process.is_running() && began.elapsed() < deadline {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        !process.is_running()
    }

    /// Ends the server process politely, and says how it ended.
    pub(crate) fn stop(&mut self) -> std::process::ExitStatus {
        let mut process = self.process.take().expect("a running server");
        process.terminate();
        process.wait(PATIENCE)
    }

    /// The server process, as the operating system knows it.
    pub(crate) fn process_id(&self) -> u32 {
        self.process.as_ref().expect("a running server").id()
    }

    /// Where the server process has its metrics.
    pub(crate) fn metrics_address(&self) -> String {
        metrics_address(self.process.as_ref().expect("a running server"))
    }

    /// What the server process shows at its metrics.
    pub(crate) async fn metrics(&self) -> String {
        metrics_of(self.process.as_ref().expect("a running server")).await
    }

    /// What all server processes logged.
    pub(crate) fn logs(&self) -> String {
        (1..=self.starts)
            .map(|start| read(&self.folder.path().join(format!("serve-{start}.err"))))
            .collect()
    }
}

/// The program under test; a proof may name another build of it.
#[expect(
    clippy::disallowed_methods,
    reason = "a proof tells the test by a variable what to run; nothing of windlass reads it"
)]
fn program() -> String {
    std::env::var("WINDLASS_TEST_PROGRAM")
        .unwrap_or_else(|_| env!("CARGO_BIN_EXE_windlass").to_owned())
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

/// Waits for the ready line; gives the API's address.
pub(crate) async fn ready(process: &ManagedProcess) -> String {
    let output = testkit::wait::until("the server is ready", PATIENCE, async || {
        let output = process.output();
        output.contains("windlass is ready").then_some(output)
    })
    .await;
    output
        .lines()
        .find_map(|line| line.strip_prefix("api:"))
        .map(|value| value.trim().to_owned())
        .unwrap_or_default()
}

/// What a server process shows at its metrics.
pub(crate) async fn metrics_of(process: &ManagedProcess) -> String {
    let base = format!("http://{}", metrics_address(process));
    let metrics = Caller::new(base, String::new(), None);
    metrics.get("/metrics").await.text
}

fn metrics_address(process: &ManagedProcess) -> String {
    let output = process.output();
    let url = output.lines().find_map(|it| it.strip_prefix("metrics:"));
    let address = url.expect("it says where").trim();
    address.replace("http://", "").replace("/metrics", "")
}
