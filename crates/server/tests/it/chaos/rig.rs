//! An installation of three processes whose every way to its databases can be disturbed.

use crate::settlement::site;
use crate::support::{App, Stores};
use testkit::postgres::{PostgresOptions, PostgresServer};
use testkit::process::ManagedProcess;
use testkit::proxy::Proxy;
use testkit::redis::RedisServer;

/// The ways of one group of processes.
pub(super) struct Ways {
    pub(super) postgres: Proxy,
    pub(super) redis: Proxy,
}

impl Ways {
    async fn to(postgres: &PostgresServer, redis: &RedisServer) -> Self {
        Self {
            postgres: Proxy::start(([127, 0, 0, 1], postgres.port()).into()).await,
            redis: Proxy::start(([127, 0, 0, 1], redis.port()).into()).await,
        }
    }

    fn stores(&self, database: &str) -> Stores {
        let (postgres, redis) = (self.postgres.address(), self.redis.address());
        Stores {
            database_url: Some(format!("postgres://postgres@{postgres}/{database}")),
            redis_url: Some(format!("redis://{redis}/")),
        }
    }
}

/// What can be disturbed: the databases, the ways to them, and the workers. The process for requests and one
/// worker share their ways; another worker has its own.
pub(super) struct Ground {
    pub(super) postgres: PostgresServer,
    pub(super) redis: RedisServer,
    pub(super) shared: Ways,
    pub(super) apart: Ways,
    workers: [Option<ManagedProcess>; 2],
    started: u32,
    database: String,
}

impl Ground {
    /// The installation, with two workers, and what it stands on.
    pub(super) async fn start() -> (App, Self) {
        let postgres = PostgresServer::start(PostgresOptions::default());
        let redis = RedisServer::start();
        let url = postgres.create_database();
        let database = url.as_str().rsplit('/').next().expect("a name").to_owned();
        let shared = Ways::to(&postgres, &redis).await;
        let apart = Ways::to(&postgres, &redis).await;
        let mut app = App::start_on(shared.stores(&database), site::world()).await;
        app.stop();
        app.serve_as("api").await;
        let mut ground = Self {
            postgres,
            redis,
            shared,
            apart,
            workers: [None, None],
            started: 0,
            database,
        };
        ground.restart_worker(&app, 0);
        ground.restart_worker(&app, 1);
        (app, ground)
    }

    /// Kills a worker and starts another in its place. The second one has ways of its own.
    pub(super) fn restart_worker(&mut self, app: &App, number: usize) {
        self.workers[number] = None;
        self.started += 1;
        let ways = if number == 0 {
            &self.shared
        } else {
            &self.apart
        };
        let stores = ways.stores(&self.database);
        let name = format!("worker-{}", self.started);
        let worker = app.spawn_on(&stores, &["serve", "--role", "worker"], &name);
        self.workers[number] = Some(worker);
    }

    /// Kills a worker for good.
    pub(super) fn stop_worker(&mut self, number: usize) {
        self.workers[number] = None;
    }

    pub(super) fn worker(&mut self, number: usize) -> &mut ManagedProcess {
        self.workers[number].as_mut().expect("it was started")
    }

    /// What the processes logged, for a message.
    pub(super) fn logs(&self, app: &App) -> String {
        let workers = (1..=self.started).map(|number| {
            let file = app.folder.path().join(format!("worker-{number}.err"));
            std::fs::read_to_string(file).unwrap_or_default()
        });
        let text: String = workers.chain([app.logs()]).collect();
        let warnings = text
            .lines()
            .filter(|line| !line.contains("\"level\":\"INFO\""));
        warnings.take(100).collect::<Vec<_>>().join("\n")
    }
}
