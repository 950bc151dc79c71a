//! The audit trail, which no port reads yet: looked at past the adapter, on both databases.

use crate::postgres::raw::Raw;
use diesel::connection::SimpleConnection;
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_types};
use domain::ids::TeamId;
use domain::ports::new_id;
use futures::future::join_all;
use testkit::builders;
use testkit::contracts::Store;
use testkit::postgres::PostgresServer;

#[derive(QueryableByName)]
struct Numbers {
    #[diesel(sql_type = sql_types::BigInt)]
    number: i64,
}

const SEQUENCES: &str = "SELECT sequence AS number FROM audit_events ORDER BY team_id, sequence";
const CHANGES: [&str; 2] = [
    "UPDATE audit_events SET target = 'x'",
    "DELETE FROM audit_events",
];

/// Two teams at once, in crossed order, some transactions dropped: no gaps, no waiting for ever.
async fn write_crosswise(store: &Store) -> [TeamId; 2] {
    let teams = [new_id(&*store.ids), new_id(&*store.ids)];
    let writers = (0..20).map(|number| async move {
        let mut transaction = store.begin().await;
        for turn in 0..2 {
            let team = teams[(number + turn) % 2];
            let event = builders::audit_event(&*store.ids, team);
            let appended = transaction.audit().append_audit_event(&event).await;
            appended.expect("appended");
        }
        if number % 5 != 0 {
            transaction.commit().await.expect("committed");
        }
    });
    join_all(writers).await;
    teams
}

fn expected() -> Vec<i64> {
    (1..=16).chain(1..=16).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_of_a_team_have_no_gap_and_cannot_be_changed_on_postgres() {
    let url = PostgresServer::shared().create_database();
    let options = crate::postgres::options(url.as_str());
    let store = Store::new(crate::postgres::open(options).await);
    write_crosswise(&store).await;
    let raw = Raw::connect(url.as_str()).await;
    let rows = raw.rows(SEQUENCES).await;
    let numbers: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(numbers, expected());
    for change in CHANGES {
        let refused = raw.execute(change).await.expect_err("append-only");
        let message = refused.as_db_error().expect("of the server").message();
        assert!(message.contains("append-only"), "{message}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_of_a_team_have_no_gap_and_cannot_be_changed_on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::new(crate::sqlite::open(&folder).await);
    write_crosswise(&store).await;
    let path = folder.path().join("store.sqlite");
    let mut raw = SqliteConnection::establish(path.to_str().expect("UTF-8")).expect("opened");
    let rows: Vec<Numbers> = diesel::sql_query(SEQUENCES).load(&mut raw).expect("read");
    let numbers: Vec<i64> = rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, expected());
    for change in CHANGES {
        let refused = raw.batch_execute(change).expect_err("append-only");
        assert!(refused.to_string().contains("append-only"), "{refused}");
    }
}
