//! How many jobs a store gets through: accepted, claimed, begun, settled, reported and ended, each as the
//! product does it, with its audit rows, counted when the end is stored for good. No test asserts a time; the
//! proof `cargo xtask prove throughput` asks for more jobs and knows the bounds.

mod baseline;
mod claim_cost;
mod counting;
mod one_job;
mod rig;

use crate::{postgres, sqlite};
use baseline::Baseline;
use rig::{Rig, Shape};
use serde_json::{Map, Value};
use testkit::postgres::{PostgresOptions, PostgresServer};

/// How many jobs are measured. The default only shows that the measurement still works.
const JOBS: &str = "WINDLASS_THROUGHPUT_JOBS";
const JOBS_OF_A_SAMPLE: u32 = 48;

/// What a measurement came to, by name.
type Figures = Map<String, Value>;

/// Figures are printed as JSON behind this mark.
#[expect(clippy::print_stdout, reason = "the proof reads the figures from here")]
fn print(figures: &Figures) {
    println!("throughput-counts: {}", Value::Object(figures.clone()));
}

#[expect(
    clippy::disallowed_methods,
    reason = "the proof asks this test for more jobs; nothing of windlass reads it"
)]
fn jobs() -> u32 {
    let text = std::env::var(JOBS).ok();
    text.and_then(|text| text.parse().ok())
        .unwrap_or(JOBS_OF_A_SAMPLE)
}

/// Many at once, then one after the other; then how long an idle store lets a job wait.
async fn measure(rig: &Rig, name: &str, single: Shape, figures: &mut Figures) {
    let many = Shape {
        producers: 24,
        workers: 48,
        claim_limit: 48,
        jobs: jobs(),
    };
    for (kind, shape) in [("grouped", many), ("single", single)] {
        let per_second = rig.run(shape).await;
        figures.insert(format!("{name}_{kind}_jobs_per_second"), per_second.into());
    }
    let samples = jobs().min(300);
    let waits = rig.idle_waits(samples).await;
    figures.insert(
        format!("{name}_start_p50_microseconds"),
        counting::percentile(&waits, 50).into(),
    );
    figures.insert(
        format!("{name}_start_p99_microseconds"),
        counting::percentile(&waits, 99).into(),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_gets_through_jobs_and_says_how_many() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut figures = Figures::new();
    figures.insert(
        "sqlite_bare_commits_per_second".to_owned(),
        baseline::bare_commits(&folder, jobs()).into(),
    );
    let rig = Rig::new(sqlite::open(&folder).await).await;
    let single = Shape {
        producers: 1,
        workers: 1,
        claim_limit: 1,
        jobs: jobs() / 4,
    };
    measure(&rig, "sqlite", single, &mut figures).await;
    let finished = rig.count_finished().await;
    figures.insert("sqlite_jobs".to_owned(), finished.into());
    claim_cost::on_sqlite(jobs(), &mut figures).await;
    print(&figures);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_gets_through_jobs_and_says_how_many() {
    let server = PostgresServer::start(PostgresOptions {
        is_durable: true,
        settings: vec!["shared_buffers=256MB".to_owned()],
    });
    let mut figures = Figures::new();
    Baseline::new(&server).measure(jobs(), &mut figures);
    let url = server.create_database();
    let rig = Rig::new(postgres::open(postgres::options(url.as_str())).await).await;
    let single = Shape {
        producers: 8,
        workers: 8,
        claim_limit: 1,
        jobs: jobs() / 2,
    };
    measure(&rig, "postgres", single, &mut figures).await;
    let finished = rig.count_finished().await;
    figures.insert("postgres_jobs".to_owned(), finished.into());
    claim_cost::on_postgres(&server, jobs(), &mut figures).await;
    print(&figures);
}
