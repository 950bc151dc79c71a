//! Why worker transactions begin with an update. SQLite cannot show any of this: it has one writer.

use super::raw::Raw;
use super::{open, options};
use domain::job::{JobEvent, JobLogLevel, JobState};
use domain::ports::StoreError;
use domain::turn::TurnScope;
use testkit::contracts::Store;
use testkit::postgres::PostgresServer;

/// The bug itself, on a bare table: the old holder has tested its fence and is slow to write. By
/// the time it does, its successor has taken over, and both writes are stored.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tested_condition_lets_an_old_holder_write_after_its_successor_took_over() {
    let (old, successor) = two_connections().await;
    old.execute("BEGIN").await.expect("begun");
    let tested = old.rows("SELECT 1 FROM held WHERE fence = 5").await;
    assert_eq!(tested.len(), 1);
    successor.execute(TAKE_OVER).await.expect("taken over");
    old.execute("INSERT INTO written VALUES (5); COMMIT")
        .await
        .expect("stored");
    assert_eq!(fences_written(&old).await, [6, 5]);
}

/// The same with an update first: the successor cannot take over what the old holder is writing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_update_first_keeps_the_successor_out_until_the_commit() {
    let (old, successor) = two_connections().await;
    old.execute("BEGIN").await.expect("begun");
    let held = "UPDATE held SET fence = fence WHERE fence = 5 RETURNING 1";
    assert_eq!(old.rows(held).await.len(), 1);
    successor
        .execute("SET lock_timeout = '100ms'")
        .await
        .expect("set");
    let refused = successor.execute(TAKE_OVER).await;
    assert!(refused.is_err());
    successor.execute("ROLLBACK").await.expect("rolled back");
    old.execute("INSERT INTO written VALUES (5); COMMIT")
        .await
        .expect("stored");
    successor.execute(TAKE_OVER).await.expect("taken over");
    assert_eq!(fences_written(&old).await, [5, 6]);
}

const TAKE_OVER: &str = "BEGIN; UPDATE held SET fence = 6 WHERE fence = 5; \
                         INSERT INTO written VALUES (6); COMMIT";

async fn two_connections() -> (Raw, Raw) {
    let url = PostgresServer::shared().create_database();
    let first = Raw::connect(url.as_str()).await;
    let tables = "CREATE TABLE held (fence bigint); INSERT INTO held VALUES (5); \
                  CREATE TABLE written (fence bigint, number bigserial)";
    first.execute(tables).await.expect("created");
    (first, Raw::connect(url.as_str()).await)
}

async fn fences_written(connection: &Raw) -> Vec<i64> {
    let rows = connection
        .rows("SELECT fence FROM written ORDER BY number")
        .await;
    rows.iter().map(|row| row.get(0)).collect()
}

/// The same through the ports: while a holder's transaction is open nobody can take its job over,
/// although its lease has ended. Fails when the first statement of `begin_held` only tests.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_takes_over_while_the_holder_has_a_transaction_open() {
    let url = PostgresServer::shared().create_database();
    let store = Store::new(open(options(url.as_str())).await);
    let old = store.running_job().await;
    store.job_queue.expire_all_leases().await.expect("expired");
    let mut transaction = store.begin_held(&old).await;
    assert!(store.claim(store.process(), 10).await.is_empty());
    let logged = transaction
        .journal()
        .append_log(JobLogLevel::Info, None, "old")
        .await;
    logged.expect("logged");
    transaction.commit().await.expect("committed");
    store.job_queue.expire_all_leases().await.expect("expired");
    let successor = store.claim_one(store.process()).await;
    assert_eq!(
        successor.job.log_sequence, 1,
        "the successor sees all that was written before"
    );
    assert_eq!(successor.hold.fence, old.fence + 1);
}

/// A claim waits for nobody: while an acceptance (or anything else) has the turn's row, the job is
/// left for later, and others are claimed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_leaves_out_what_somebody_else_has_locked() {
    let url = PostgresServer::shared().create_database();
    let store = Store::new(open(options(url.as_str())).await);
    let team = store.team().await.team_id;
    let turn = TurnScope::Team(team);
    let waiting = store.enqueue(team, &[turn]).await;
    let other = store.enqueue(team, &[]).await;
    let raw = Raw::connect(url.as_str()).await;
    for lock in [
        "SELECT 1 FROM turns FOR UPDATE",
        "SELECT 1 FROM job_queue FOR UPDATE",
    ] {
        raw.execute("BEGIN").await.expect("begun");
        raw.rows(lock).await;
        let claimed = store.claim(store.process(), 10).await;
        assert!(
            claimed
                .iter()
                .all(|claimed| claimed.hold.job_id == other.id),
            "{lock}"
        );
        raw.execute("ROLLBACK").await.expect("rolled back");
    }
    let held = "UPDATE turns SET holder_job_id = gen_random_uuid(), held_since = now()";
    raw.execute(held).await.expect("held");
    assert!(
        store.claim(store.process(), 10).await.is_empty(),
        "a turn of another job is taken"
    );
    let free = "UPDATE turns SET holder_job_id = NULL, held_since = NULL";
    raw.execute(free).await.expect("freed");
    assert_eq!(
        store.claim_one(store.process()).await.hold.job_id,
        waiting.id
    );
}

/// The other way round: a claim that is not committed yet makes the holder wait and then lose.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_holder_that_meets_a_claim_under_way_waits_and_loses() {
    let url = PostgresServer::shared().create_database();
    let store = Store::new(open(options(url.as_str())).await);
    let old = store.running_job().await;
    let claimer = Raw::connect(url.as_str()).await;
    claimer
        .execute("BEGIN; UPDATE job_queue SET fence = fence + 1")
        .await
        .expect("claimed");
    let holding = store.unit_of_work.begin_held(&old);
    tokio::pin!(holding);
    let watcher = Raw::connect(url.as_str()).await;
    let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted";
    tokio::select! {
        _ = &mut holding => panic!("the holder did not wait for the claim"),
        () = async {
            while watcher.number(waiting).await == 0 {
                tokio::task::yield_now().await;
            }
        } => {}
    }
    claimer.execute("COMMIT").await.expect("committed");
    let begun = holding.await;
    assert!(matches!(
        begun.map(drop),
        Err(domain::ports::HoldError::Lost)
    ));
}

/// The state of a held job is known from its place in the queue and not read again. Should its row say something
/// else, nothing is written over it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_does_not_fit_its_hold_is_not_written_over() {
    let url = PostgresServer::shared().create_database();
    let store = Store::new(open(options(url.as_str())).await);
    let hold = store.running_job().await;
    let raw = Raw::connect(url.as_str()).await;
    let broken = raw.execute("UPDATE jobs SET state = 'queued'").await;
    broken.expect("changed");
    let mut transaction = store.begin_held(&hold).await;
    let rested = transaction.journal().come_to_rest(JobEvent::Succeeded);
    let refused = rested.await;
    assert!(
        matches!(refused, Err(StoreError::Inconsistent { .. })),
        "{refused:?}"
    );
    drop(transaction);
    assert_eq!(store.job(&hold).await.state, JobState::Queued);
    let queued = raw.number("SELECT count(*) FROM job_queue").await;
    assert_eq!(queued, 1);
}
