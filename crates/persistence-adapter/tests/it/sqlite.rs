//! SQLite.

mod beside;
mod file;
mod group_commit;

use persistence_adapter::{Database, DatabaseOptions, SqliteOptions};
use std::time::Duration;
use tempfile::TempDir;
use testkit::contracts::Store;

mod contracts {
    testkit::store_contracts!(crate::sqlite::open_store);
}

pub(crate) fn options(folder: &TempDir) -> SqliteOptions {
    SqliteOptions::new(folder.path().join("store.sqlite"))
}

pub(crate) async fn open(folder: &TempDir) -> Database {
    open_with(options(folder)).await
}

async fn open_with(options: SqliteOptions) -> Database {
    let database = Database::open(DatabaseOptions::Sqlite(options), crate::sealer()).await;
    let database = database.expect("opened");
    database.migrate().await.expect("migrated");
    database
}

async fn open_store() -> (Store, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    // The contracts are about what is written, not about how long a slow disk may take.
    let mut options = options(&folder);
    options.writer_wait = Duration::from_secs(10);
    let database = open_with(options).await;
    (Store::new(database), folder)
}
