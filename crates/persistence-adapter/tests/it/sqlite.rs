//! SQLite.

mod beside;
mod file;
mod group_commit;

use persistence_adapter::{Database, DatabaseOptions, SqliteOptions};
use tempfile::TempDir;
use testkit::contracts::Store;

mod contracts {
    testkit::store_contracts!(crate::sqlite::open_store);
}

pub(crate) fn options(folder: &TempDir) -> SqliteOptions {
    SqliteOptions::new(folder.path().join("store.sqlite"))
}

pub(crate) async fn open(folder: &TempDir) -> Database {
    let database = Database::open(DatabaseOptions::Sqlite(options(folder)), crate::sealer()).await;
    let database = database.expect("opened");
    database.migrate().await.expect("migrated");
    database
}

async fn open_store() -> (Store, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let database = open(&folder).await;
    (Store::new(database), folder)
}
