//! The contracts of the store's ports on both databases, and what only one of them can show.

mod audit;
// A link to the suites of testkit, which find the rest of testkit under the same paths here. It goes
// as soon as testkit itself declares the module.
#[expect(
    unreachable_pub,
    reason = "the suites are public in the crate they belong to"
)]
mod contracts;
mod migrations;
mod postgres;
mod sqlite;
use testkit::{builders, ids, wait};
