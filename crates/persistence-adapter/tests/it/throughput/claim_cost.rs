//! Whether finished jobs make claims slower: the same claims with few and with many of them in the table.

use super::rig::Rig;
use super::{Figures, counting};
use crate::postgres::raw::Raw;
use crate::{postgres, sqlite};
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};
use testkit::postgres::PostgresServer;

const FEW: u32 = 1_000;
/// So many finished jobs for each that is measured, but always more than the few.
const MANY_PER_JOB: u32 = 125;
const COLUMNS: &str = "kind, kind_version, state, principal, payload, percent, steps_done, steps_total, \
                       is_cancel_requested, created_at, log_sequence, version, last_fence";

fn many(jobs: u32) -> u32 {
    (jobs * MANY_PER_JOB).clamp(2 * FEW, 1_000_000)
}

fn claims(jobs: u32) -> u32 {
    (jobs / 100).clamp(2, 100)
}

pub(super) async fn on_sqlite(jobs: u32, figures: &mut Figures) {
    for (name, finished) in [("few", FEW), ("many", many(jobs))] {
        let folder = tempfile::tempdir().expect("a folder");
        let database = sqlite::open(&folder).await;
        let rig = Rig::new(database).await;
        rig.claim_times(1).await;
        let path = folder.path().join("store.sqlite");
        let mut raw = SqliteConnection::establish(path.to_str().expect("UTF-8")).expect("opened");
        let copy = format!(
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {finished}) \
             INSERT INTO jobs (team_id, id, {COLUMNS}) SELECT team_id, randomblob(16), {COLUMNS} \
             FROM (SELECT * FROM jobs LIMIT 1), numbers"
        );
        raw.batch_execute(&copy).expect("copied");
        raw.batch_execute("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)")
            .expect("analysed");
        drop(raw);
        note(&rig, "sqlite", name, finished, jobs, figures).await;
    }
}

pub(super) async fn on_postgres(server: &PostgresServer, jobs: u32, figures: &mut Figures) {
    for (name, finished) in [("few", FEW), ("many", many(jobs))] {
        let url = server.create_database();
        let rig = Rig::new(postgres::open(postgres::options(url.as_str())).await).await;
        rig.claim_times(1).await;
        let raw = Raw::connect(url.as_str()).await;
        let copy = format!(
            "INSERT INTO jobs (team_id, id, {COLUMNS}) SELECT team_id, gen_random_uuid(), {COLUMNS} \
             FROM (SELECT * FROM jobs LIMIT 1) one, generate_series(1, {finished})"
        );
        raw.execute(&copy).await.expect("copied");
        raw.execute("VACUUM ANALYZE").await.expect("analysed");
        let scans = "SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'jobs'";
        let before = settled_number(&raw, scans).await;
        note(&rig, "postgres", name, finished, jobs, figures).await;
        drop(rig);
        let scanned = settled_number(&raw, scans).await - before;
        figures.insert(
            format!("postgres_scans_of_jobs_with_{name}"),
            scanned.into(),
        );
    }
}

/// A statistic of the server after everybody has had the time to report.
async fn settled_number(raw: &Raw, question: &str) -> i64 {
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    raw.number(question).await
}

async fn note(
    rig: &Rig,
    database: &str,
    name: &str,
    finished: u32,
    jobs: u32,
    figures: &mut Figures,
) {
    assert!(rig.store.job_queue.next_due_in().await.is_ok());
    let times = rig.claim_times(claims(jobs)).await;
    let key = format!("{database}_claim_with_{name}_microseconds");
    figures.insert(key, counting::percentile(&times, 50).into());
    figures.insert(format!("{database}_{name}_finished_jobs"), finished.into());
}
