//! PostgreSQL.

mod fencing;
mod limits;
mod outages;
mod pauses;
pub(crate) mod raw;
mod retention;
mod rights;
mod tls;

use domain::SecretText;
use persistence_adapter::{Database, DatabaseOptions, PostgresOptions};
use testkit::contracts::Store;
use testkit::postgres::{DatabaseUrl, PostgresServer};

mod contracts {
    testkit::store_contracts!(crate::postgres::open_store);
}

pub(crate) fn options(url: &str) -> PostgresOptions {
    PostgresOptions::new(SecretText::new(url.to_owned()))
}

pub(crate) async fn open(options: PostgresOptions) -> Database {
    let database = Database::open(DatabaseOptions::Postgres(options), crate::sealer()).await;
    let database = database.expect("opened");
    database.migrate().await.expect("migrated");
    database
}

/// Hundreds of tests want a migrated database, and migrating takes longer than most of them.
async fn open_store() -> (Store, DatabaseUrl) {
    let migrate = async |url: &DatabaseUrl| drop(open(options(url.as_str())).await);
    let url = PostgresServer::shared().create_copy("migrated", migrate);
    let url = url.await;
    let database = open(options(url.as_str())).await;
    (Store::new(database), url)
}
