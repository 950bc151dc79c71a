//! How long it takes until somebody goes on with the job of a worker that was killed. `cargo xtask prove
//! takeover` kills many; the tests kill a few, and judge no time.

use crate::on_both_backends;
use crate::settlement::site::{self, Site};
use crate::support::{App, Backend, PATIENCE};
use futures::StreamExt as _;
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};
use testkit::process::ManagedProcess;

on_both_backends!(somebody_goes_on_with_the_job_of_a_killed_worker);

/// How many workers the proof kills.
const KILLS: &str = "WINDLASS_TAKEOVER_KILLS";
const INSTALLATIONS: usize = 6;
/// The step in which the worker dies is found out about, and another one follows.
const DIES_AT: &str = "environment.provision install_package forward after-answer";
const IS_FOUND_OUT: &str = "environment.provision install_package forward before-settled";

#[expect(
    clippy::disallowed_methods,
    reason = "a proof tells the test by a variable what to run; nothing of windlass reads it"
)]
fn kills() -> usize {
    let text = std::env::var(KILLS).ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(2)
}

/// One killed worker: when its job was held and probed by another, and when the team's next change reached
/// the platform.
struct Takeover {
    probed: Duration,
    next_change: Duration,
}

#[expect(
    clippy::print_stdout,
    reason = "the figures are asked for with --no-capture"
)]
async fn somebody_goes_on_with_the_job_of_a_killed_worker(backend: Backend) {
    let installations = INSTALLATIONS.min(kills());
    let each = kills().div_ceil(installations);
    let all = futures::stream::iter(0..installations)
        .map(async |_| match backend {
            Backend::Embedded => after_restart(each).await,
            Backend::PostgresAndRedis => by_another_worker(each).await,
        })
        .buffer_unordered(INSTALLATIONS)
        .collect::<Vec<_>>()
        .await;
    let takeovers: Vec<Takeover> = all.into_iter().flatten().collect();
    let name = match backend {
        Backend::Embedded => "sqlite_after_restart",
        Backend::PostgresAndRedis => "postgres_after_kill",
    };
    let mut figures = BTreeMap::from([(format!("{name}_kills"), json!(takeovers.len()))]);
    figures.extend(percentiles(name, "probed", &takeovers, |it| it.probed));
    figures.extend(percentiles(name, "next_change", &takeovers, |it| {
        it.next_change
    }));
    println!("takeover-counts: {}", json!(figures));
}

fn percentiles(
    name: &str,
    what: &str,
    takeovers: &[Takeover],
    duration: fn(&Takeover) -> Duration,
) -> Vec<(String, serde_json::Value)> {
    let mut all: Vec<_> = takeovers.iter().map(duration).collect();
    all.sort();
    let at = |percent: usize| {
        let index = (all.len() * percent).div_ceil(100).saturating_sub(1);
        u64::try_from(all[index].as_millis()).unwrap_or(u64::MAX)
    };
    [50, 99, 100]
        .map(|percent| (format!("{name}_{what}_p{percent}_ms"), json!(at(percent))))
        .into()
}

/// Watches for the moment at which a line stands in the trace, and at which the platform gets a call.
struct Watcher<'a> {
    app: &'a App,
    calls_before: usize,
}

impl Watcher<'_> {
    async fn probed(&self) -> Instant {
        let file = self.app.folder.path().join("trace");
        testkit::wait::until("the step is probed", PATIENCE, async || {
            let trace = fs::read_to_string(&file).unwrap_or_default();
            trace
                .lines()
                .any(|line| line == IS_FOUND_OUT)
                .then(Instant::now)
        })
        .await
    }

    async fn next_change(&self) -> Instant {
        testkit::wait::until("the team's next change is made", PATIENCE, async || {
            let calls = self.app.simulator.mutations();
            let is_made = calls
                .iter()
                .skip(self.calls_before)
                .any(|call| call.method == "installaddon");
            is_made.then(Instant::now)
        })
        .await
    }
}

/// Asks for an environment whose worker dies, and gives back its job.
async fn ask(app: &App, number: usize) -> String {
    fs::write(app.folder.path().join("trace"), "").expect("a writable folder");
    let armed = app.folder.path().join("armed");
    fs::write(armed, format!("{DIES_AT} KILL\n")).expect("a writable folder");
    let body =
        json!({"name": format!("killed-{number}"), "blueprint": "wordpress", "addons": ["sftp"]});
    let path = app.owner.path("/environments");
    let answer = app
        .owner
        .post(&path, &format!("killed-{number}"), &body)
        .await;
    answer.body["id"].as_str().expect("an id").to_owned()
}

async fn succeeded(app: &App, job: &str) {
    let job = app.owner.job_at_rest(job).await;
    assert_eq!(job["state"], "succeeded", "{job}\n{}", app.logs());
}

async fn by_another_worker(kills: usize) -> Vec<Takeover> {
    let mut app = App::start_in(Backend::PostgresAndRedis, site::world(), 0.0).await;
    app.stop();
    app.serve_as("api").await;
    let worker =
        |number: usize| app.spawn(&["serve", "--role", "worker"], &format!("worker-{number}"));
    let mut workers = [worker(0), worker(1)];
    // Both have to be there before the first one dies.
    drop(Site::provision(&app, 0).await);
    let mut takeovers = Vec::new();
    for number in 1..=kills {
        let calls_before = app.simulator.mutations().len();
        let job = ask(&app, number).await;
        let dead = testkit::wait::until("a worker dies", PATIENCE, async || {
            let position = workers
                .iter_mut()
                .position(|it| !ManagedProcess::is_running(it));
            position.map(|position| (position, Instant::now()))
        });
        let (dead, died) = dead.await;
        let watcher = Watcher {
            app: &app,
            calls_before,
        };
        takeovers.push(Takeover {
            probed: watcher.probed().await - died,
            next_change: watcher.next_change().await - died,
        });
        succeeded(&app, &job).await;
        workers[dead] = worker(number + 1);
    }
    takeovers
}

async fn after_restart(kills: usize) -> Vec<Takeover> {
    let mut app = App::start_in(Backend::Embedded, site::world(), 0.0).await;
    let mut takeovers = Vec::new();
    for number in 1..=kills {
        let calls_before = app.simulator.mutations().len();
        let job = ask(&app, number).await;
        assert!(app.has_died_within(PATIENCE).await, "the process dies");
        let restarted = Instant::now();
        app.serve().await;
        let watcher = Watcher {
            app: &app,
            calls_before,
        };
        takeovers.push(Takeover {
            probed: watcher.probed().await - restarted,
            next_change: watcher.next_change().await - restarted,
        });
        succeeded(&app, &job).await;
    }
    takeovers
}
