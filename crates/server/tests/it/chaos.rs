//! Databases that crash, networks that lose and hold bytes, workers that are killed and frozen, while customers
//! go on: everything that was accepted is done, once, and nobody is told anything wrong. `cargo xtask prove
//! chaos` does each for longer.

mod load;
mod rig;

use crate::auditor::{Books, Violation};
use crate::settlement::site::Site;
use crate::support::{App, PATIENCE};
use domain::limits::JOB_LEASE;
use futures::future::{join, join_all};
use http::StatusCode;
use load::Load;
use rig::Ground;
use serde_json::json;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use testkit::proxy::{Ambush, Weather};

/// Makes the troubles last as long as the proof demands.
const WHOLE: &str = "WINDLASS_CHAOS";
const CUSTOMERS: usize = 4;

#[expect(
    clippy::disallowed_methods,
    reason = "a proof tells the test by a variable what to run; nothing of windlass reads it"
)]
fn is_whole() -> bool {
    std::env::var(WHOLE).is_ok()
}

/// How often something is done: in the tests, and in the proof.
fn many(in_tests: usize, in_the_proof: usize) -> usize {
    if is_whole() { in_the_proof } else { in_tests }
}

async fn pause(milliseconds: u64) {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
}

/// Lets customers work while the trouble lasts, then a while without, and judges.
#[expect(
    clippy::print_stdout,
    reason = "the counts are asked for with --no-capture"
)]
async fn customers_during(name: &str, trouble: impl AsyncFnOnce(&App, &mut Ground)) {
    let (app, mut ground) = Ground::start().await;
    let sites = join_all((0..CUSTOMERS).map(|number| Site::provision(&app, number))).await;
    let mark = Books::mark(&app);
    let load = Load::default();
    let customers = join_all(sites.iter().map(|site| load.customer(site)));
    let began = Instant::now();
    let troubled = async {
        trouble(&app, &mut ground).await;
        let lasted = began.elapsed();
        load.end();
        lasted
    };
    let (_, lasted) = join(customers, troubled).await;
    load.read_logs(&app).await;
    let mut violations = load.violations.take();
    violations.extend(mark.overlaps_since(&app));
    let books = Books::since(&mark, &app);
    for (effect, due) in load.due.borrow().iter() {
        let happened = books.count(effect);
        if happened != *due {
            let detail = format!("{effect}: {happened} times instead of {due}");
            violations.push(Violation::new("nothing happens twice", detail));
        }
    }
    let jobs = load.jobs.borrow().len();
    let counts = BTreeMap::from([
        (format!("{name}_jobs"), jobs as u64),
        (format!("{name}_seconds"), lasted.as_secs()),
        (
            format!("{name}_requests_sent_again"),
            load.asked_again.get(),
        ),
        (format!("{name}_violations"), violations.len() as u64),
    ]);
    println!("chaos-counts: {}", json!(counts));
    assert!(jobs > 0, "the customers did something");
    assert!(
        violations.is_empty(),
        "{name}: {violations:#?}\n{}",
        ground.logs(&app)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn redis_is_flushed_and_restarted() {
    customers_during("redis_flushed", async |_, ground| {
        for _ in 0..many(6, 60) {
            ground.redis.flush_all();
            pause(300).await;
            ground.redis.restart();
            pause(300).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn redis_is_down_and_reads_go_on() {
    customers_during("redis_down", async |app, ground| {
        pause(500).await;
        ground.redis.stop();
        let until = Instant::now() + Duration::from_secs(many(5, 60) as u64);
        let owner = app.owner.clone();
        while Instant::now() < until {
            let answer = owner.get(&owner.path("/environments")).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
            pause(100).await;
        }
        ground.redis.restart();
        pause(500).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn postgres_crashes_again_and_again() {
    customers_during("postgres_crashes", async |_, ground| {
        for _ in 0..many(3, 25) {
            pause(1_200).await;
            ground.postgres.restart();
        }
        pause(500).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn answers_of_commits_are_lost() {
    customers_during("commits_lost", async |_, ground| {
        for number in 0..many(16, 200) {
            let commit = "COMMIT".to_owned();
            let ambush = match number % 2 {
                0 => Ambush::AnswerLost(commit),
                _ => Ambush::RequestLost(commit),
            };
            let way = match number % 4 {
                0 | 1 => &ground.shared.postgres,
                _ => &ground.apart.postgres,
            };
            way.lie_in_wait(ambush);
            pause(250).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_worker_is_cut_off_in_one_direction() {
    customers_during("one_way", async |_, ground| {
        let lease = u64::try_from(JOB_LEASE.as_millis()).expect("short");
        let all = [
            Weather::OnlyToServer,
            Weather::OnlyToClient,
            Weather::BlackHole,
        ];
        for weather in all.into_iter().cycle().take(many(1, 6)) {
            ground.apart.postgres.set(weather);
            pause(lease * 2).await;
            ground.apart.postgres.set(Weather::Fair);
            ground.apart.redis.set(weather);
            pause(lease).await;
            ground.apart.redis.set(Weather::Fair);
            pause(500).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn workers_are_killed_and_frozen() {
    customers_during("workers_killed", async |app, ground| {
        for number in 0..many(2, 12) {
            pause(700).await;
            let number = number % 2;
            ground.restart_worker(app, number);
            pause(700).await;
            ground.worker(1 - number).pause();
            tokio::time::sleep(JOB_LEASE + Duration::from_secs(1)).await;
            ground.worker(1 - number).resume();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn everything_is_slow() {
    customers_during("slow", async |_, ground| {
        for way in [&ground.shared, &ground.apart] {
            way.postgres.set(Weather::Slow(Duration::from_millis(20)));
            way.redis.set(Weather::Slow(Duration::from_millis(50)));
        }
        pause(1_000 * many(4, 60) as u64).await;
        for way in [&ground.shared, &ground.apart] {
            way.postgres.set(Weather::Fair);
            way.redis.set(Weather::Fair);
        }
    })
    .await;
}

/// The commit of an intent never reaches the database, and the worker dies when the call has been answered.
/// Had the call left all the same, nobody would know of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_call_leaves_only_when_its_intent_is_known_to_be_stored() {
    let (app, mut ground) = Ground::start().await;
    let site = Site::provision(&app, 0).await;
    ground.stop_worker(1);
    let armed = app.folder.path().join("armed");
    let step = "addon.install install_sftp forward";
    let points = format!("{step} before-started STOP\n{step} after-answer KILL\n");
    std::fs::write(&armed, points).expect("a writable folder");
    let mark = Books::mark(&app);
    let answer = site
        .ask(site.post("/addons", json!({"addon": "sftp"})))
        .await;
    let id = answer.body["id"].as_str().expect("an id").to_owned();
    testkit::wait::until("the worker is frozen", PATIENCE, async || {
        // The point is taken out of the file when the process is about to stop, not when it has.
        ground.worker(0).is_frozen().then_some(())
    })
    .await;
    let commit = Ambush::RequestLost("COMMIT".to_owned());
    ground.shared.postgres.lie_in_wait(commit);
    ground.worker(0).resume();
    testkit::wait::until("the worker dies", PATIENCE, async || {
        (!ground.worker(0).is_running()).then_some(())
    })
    .await;
    assert!(ground.shared.postgres.is_sprung(), "a commit was lost");
    ground.restart_worker(&app, 0);
    let job = app.owner.job_at_rest(&id).await;
    assert_eq!(job["state"], "succeeded", "{job}\n{}", ground.logs(&app));
    let books = Books::since(&mark, &app);
    let times = books.count("AddonInstalled");
    assert_eq!(times, 1, "it happened once: {job}\n{}", ground.logs(&app));
}
