//! The file: whose it is, who may read it, and how it is shared inside the process.

use super::{open, options};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Integer;
use domain::ports::{ReadModel, StoreError, UnitOfWork, WritePriority};
use persistence_adapter::{Database, DatabaseOptions, OpenError, SqliteOptions};
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};
use testkit::contracts::Store;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_opening_is_refused_until_the_first_is_closed() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = open(&folder).await;
    let second = Database::open(DatabaseOptions::Sqlite(options(&folder)), crate::sealer()).await;
    let error = second.map(drop).expect_err("the file is in use");
    assert!(matches!(error, OpenError::InUse { .. }));
    assert!(
        error
            .to_string()
            .contains("store.sqlite is in use by another process")
    );
    first.close().await;
    let begun = first.begin(WritePriority::Worker).await.map(drop);
    assert!(matches!(begun, Err(StoreError::Unavailable(_))));
    open(&folder).await.ping().await.expect("an answer");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_else_may_read_the_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::new(open(&folder).await);
    store.team().await;
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder.path())
        .expect("the folder")
        .flatten()
    {
        let mode = entry.metadata().expect("the file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{:?}", entry.file_name());
        names.push(entry.file_name().into_string().expect("a name"));
    }
    names.sort();
    let expected = ["", "-shm", "-wal", ".lock"].map(|suffix| format!("store.sqlite{suffix}"));
    assert_eq!(names, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = SqliteOptions::new(folder.path().join("missing").join("store.sqlite"));
    let error = Database::open(DatabaseOptions::Sqlite(options), crate::sealer())
        .await
        .map(drop);
    let error = error.expect_err("no folder");
    assert!(matches!(error, OpenError::File { .. }));
    assert!(error.to_string().contains("missing/store.sqlite"));
}

/// They are set in .cargo/config.toml, which a build from elsewhere does not read.
#[test]
fn the_library_is_built_for_connections_that_one_thread_uses_at_a_time() {
    let mut connection = SqliteConnection::establish(":memory:").expect("opened");
    let is_used = |option: &str| format!("SELECT sqlite_compileoption_used('{option}') AS used");
    for (option, wanted) in [
        ("THREADSAFE=2", 1),
        ("ENABLE_QPSG", 1),
        ("DEFAULT_MEMSTATUS=0", 1),
        ("ENABLE_STAT4", 0),
    ] {
        let used: CompileOption = sql_query(is_used(option))
            .get_result(&mut connection)
            .expect("an answer");
        assert_eq!(used.used, wanted, "{option}");
    }
}

#[derive(QueryableByName)]
struct CompileOption {
    #[diesel(sql_type = Integer)]
    used: i32,
}

/// Whoever waits for the writer is told in time that the store is overloaded; readers do not wait.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_for_the_writer_has_an_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::new(open(&folder).await);
    let account = store.team().await;
    let held = store.begin().await;
    for priority in [WritePriority::Worker, WritePriority::Interactive] {
        let began = Instant::now();
        let refused = store.unit_of_work.begin(priority).await.map(drop);
        assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
        assert!(began.elapsed() >= Duration::from_millis(250));
        assert!(began.elapsed() < Duration::from_secs(2));
    }
    let found = store
        .read_model
        .find_platform_account(account.team_id)
        .await;
    assert_eq!(found.expect("read"), Some(account));
    drop(held);
    store.team().await;
}
