//! What the database itself and the seals do against those who get at the trails past the adapter,
//! on both databases.

use crate::postgres::raw::Raw;
use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use domain::ids::TeamId;
use domain::ports::new_id;
use testkit::builders;
use testkit::contracts::Store;
use testkit::contracts::audit::{append, broken_at};
use testkit::postgres::PostgresServer;

const CHANGES: [&str; 2] = [
    "UPDATE audit_events SET target = 'x'",
    "DELETE FROM audit_events",
];

/// What somebody with all rights on the database does to a trail of three lines, and how it is found.
const TAMPERINGS: [(&str, &str); 9] = [
    (
        "UPDATE audit_events SET target = 'x' WHERE sequence = 2",
        "line 2 was changed",
    ),
    (
        "UPDATE audit_events SET client_address = '192.0.2.1' WHERE sequence = 3",
        "line 3 was changed",
    ),
    (
        "UPDATE audit_events SET seal_key_id = NULL, seal_mac = NULL WHERE sequence = 1",
        "line 1 has no seal",
    ),
    (
        "DELETE FROM audit_events WHERE sequence = 2",
        "line 2 is missing",
    ),
    (
        "DELETE FROM audit_events WHERE sequence = 2; \
         UPDATE audit_events SET sequence = 2 WHERE sequence = 3; \
         UPDATE audit_trails SET last_sequence = 2",
        "line 2 was changed",
    ),
    (
        "UPDATE audit_events SET sequence = 4 WHERE sequence = 3; \
         INSERT INTO audit_events (team_id, sequence, id, at, principal, action, target, outcome, \
         request_id, client_address, user_agent, credential, detail, seal_key_id, seal_mac) \
         SELECT team_id, 3, id, at, principal, action, target, outcome, \
         request_id, client_address, user_agent, credential, detail, seal_key_id, seal_mac \
         FROM audit_events WHERE sequence = 2; \
         UPDATE audit_trails SET last_sequence = 4",
        "line 3 was changed",
    ),
    (
        "UPDATE audit_events SET sequence = 9 WHERE sequence = 1; \
         UPDATE audit_events SET sequence = 1 WHERE sequence = 2; \
         UPDATE audit_events SET sequence = 2 WHERE sequence = 9",
        "line 1 was changed",
    ),
    (
        "DELETE FROM audit_events WHERE sequence = 3",
        "the end is after 2",
    ),
    (
        "DELETE FROM audit_events WHERE sequence = 3; \
         UPDATE audit_trails SET last_sequence = 2",
        "line 2 is not the end",
    ),
];

/// Three lines, in two transactions.
async fn write_three_lines(store: &Store) -> TeamId {
    let team = new_id(&*store.ids);
    let event = || builders::audit_event(&*store.ids, team);
    append(store, &[event(), event()]).await;
    append(store, &[event()]).await;
    assert_eq!(broken_at(store, Some(team)).await, None);
    team
}

fn raw_sqlite(folder: &tempfile::TempDir) -> SqliteConnection {
    let path = folder.path().join("store.sqlite");
    SqliteConnection::establish(path.to_str().expect("UTF-8")).expect("opened")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_cannot_be_changed_on_postgres() {
    let url = PostgresServer::shared().create_database();
    let options = crate::postgres::options(url.as_str());
    let store = Store::new(crate::postgres::open(options).await);
    write_three_lines(&store).await;
    let raw = Raw::connect(url.as_str()).await;
    for change in CHANGES {
        let refused = raw.execute(change).await.expect_err("append-only");
        let message = refused.as_db_error().expect("of the server").message();
        assert!(message.contains("append-only"), "{message}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_cannot_be_changed_on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::new(crate::sqlite::open(&folder).await);
    write_three_lines(&store).await;
    let mut raw = raw_sqlite(&folder);
    for change in CHANGES {
        let refused = raw.batch_execute(change).expect_err("append-only");
        assert!(refused.to_string().contains("append-only"), "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trail_that_was_tampered_with_is_found_out_on_postgres() {
    for (tampering, expected) in TAMPERINGS {
        let url = PostgresServer::shared().create_database();
        let options = crate::postgres::options(url.as_str());
        let store = Store::new(crate::postgres::open(options).await);
        let team = write_three_lines(&store).await;
        let raw = Raw::connect(url.as_str()).await;
        let unprotected = "DROP TRIGGER audit_events_append_only ON audit_events";
        raw.execute(unprotected).await.expect("unprotected");
        raw.execute(tampering).await.expect("tampered");
        let found = broken_at(&store, Some(team)).await;
        assert_eq!(found.as_deref(), Some(expected), "{tampering}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trail_that_was_tampered_with_is_found_out_on_sqlite() {
    for (tampering, expected) in TAMPERINGS {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::new(crate::sqlite::open(&folder).await);
        let team = write_three_lines(&store).await;
        let mut raw = raw_sqlite(&folder);
        let unprotected =
            "DROP TRIGGER audit_events_no_update; DROP TRIGGER audit_events_no_delete";
        raw.batch_execute(unprotected).expect("unprotected");
        raw.batch_execute(tampering).expect("tampered");
        let found = broken_at(&store, Some(team)).await;
        assert_eq!(found.as_deref(), Some(expected), "{tampering}");
    }
}
