//! Reading the file beside the process that owns it.

use super::{open, options};
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};
use domain::ports::{
    ProcessRegistry, ReadModel, RegisteredProcess, StoreError, UnitOfWork, WritePriority,
};
use persistence_adapter::{Database, DatabaseOptions, OpenError, SchemaState, SqliteOptions};
use std::time::Duration;
use tempfile::TempDir;
use testkit::builders;
use testkit::contracts::Store;
use testkit::contracts::audit::append;

async fn open_beside(folder: &TempDir) -> Result<Database, OpenError> {
    let options = SqliteOptions::beside_owner(options(folder).path);
    Database::open(DatabaseOptions::Sqlite(options), crate::sealer()).await
}

/// What the owner commits is seen at once, by reads and in the list of processes; nothing can be
/// written, and the owner goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_process_reads_while_the_owner_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::new(open(&folder).await);
    let beside = open_beside(&folder).await.expect("opened");
    let state = beside.schema_state().await.expect("read");
    assert_eq!(state, SchemaState::UpToDate);
    let account = store.team().await;
    let found = beside.find_platform_account(account.team_id).await;
    assert_eq!(found.expect("read"), Some(account.clone()));
    let process = RegisteredProcess {
        id: store.process(),
        role: "all".to_owned(),
        is_coordinated: false,
        key_ids: vec!["mk_1".to_owned()],
    };
    store
        .processes
        .register(&process)
        .await
        .expect("registered");
    assert_eq!(beside.list_living().await.expect("read"), [process]);
    append(
        &store,
        &[builders::audit_event(&*store.ids, account.team_id)],
    )
    .await;
    let page = domain::page::PageRequest::new(0, None);
    let trails = beside.list_audit_trails(page).await.expect("read").items;
    assert_eq!(trails.len(), 1);
    for priority in [WritePriority::Worker, WritePriority::Interactive] {
        let refused = beside.begin(priority).await.map(drop);
        assert!(
            matches!(refused, Err(StoreError::Unavailable(_))),
            "{refused:?}"
        );
    }
    assert!(
        beside.migrate().await.is_ok(),
        "there is nothing to migrate"
    );
    beside.close().await;
    store.team().await;
}

/// It creates nothing: a wrong path is told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reading_beside_nobody_needs_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = open_beside(&folder).await.map(drop).expect_err("no file");
    assert!(matches!(refused, OpenError::File { .. }));
    let entries = std::fs::read_dir(folder.path())
        .expect("the folder")
        .count();
    assert_eq!(entries, 0);
    open(&folder).await.close().await;
    let beside = open_beside(&folder).await.expect("opened");
    beside.ping().await.expect("an answer");
    open(&folder)
        .await
        .ping()
        .await
        .expect("the owner is not kept out");
}

/// A tool that repairs or copies the file by hand knows no lock of ours. Whoever began as a reader could not
/// write any more after it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_that_writes_is_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::new(open(&folder).await);
    let account = store.team().await;
    let environment = builders::environment(&*store.ids, &account, "shop");
    let path = options(&folder).path;
    let path = path.to_str().expect("a path of text");
    let mut stranger = SqliteConnection::establish(path).expect("opened");
    let writing = "BEGIN IMMEDIATE; CREATE TABLE of_a_stranger (it INTEGER)";
    stranger.batch_execute(writing).expect("begun");

    let mut beginning = std::pin::pin!(store.begin());
    let wait = Duration::from_millis(100);
    let mut begun = tokio::time::timeout(wait, &mut beginning).await.ok();
    if let Some(transaction) = &mut begun {
        let environments = transaction.environments();
        let found = environments.find_environment(account.team_id, environment.id);
        assert_eq!(found.await.expect("read"), None);
    }
    stranger.batch_execute("COMMIT").expect("committed");
    let mut transaction = match begun {
        Some(transaction) => transaction,
        None => beginning.await,
    };
    let inserted = transaction
        .environments()
        .insert_environment(&environment)
        .await;
    inserted.expect("inserted");
    transaction.commit().await.expect("committed");
}
