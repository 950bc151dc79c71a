//! The one vocabulary of span, field and metric names. A name that is not here is not used.
//!
//! No name and no value of a metric label may grow with teams, environments or jobs.

pub mod fields;
pub mod metrics;
pub mod spans;

#[cfg(test)]
mod tests;
