//! The contracts of the store's ports on both databases, and what only one of them can show.

mod audit;
mod migrations;
mod postgres;
mod sqlite;
