#![doc = include_str!("../README.md")]

mod constraints;
mod database;
mod failure;
mod migration;
mod options;
mod paging;
mod postgres;
mod process_registry;
mod queue;
mod read_model;
mod retention;
mod schema;
pub mod schema_check;
mod session;
mod sql;
mod sqlite;
mod statistics;
mod stores;
mod transaction;

pub use database::Database;
pub use migration::{MigrateError, MigrationReport, SchemaState};
pub use options::{DatabaseKind, DatabaseOptions, OpenError, PostgresOptions, SqliteOptions};
