//! The adapter over real HTTP: against the simulator, and against a server that answers anything.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests may fail like tests; the exemption only knows test functions"
)]

mod calls;
mod connections;
mod deadlines;
mod guarded_runs;
mod metrics;
mod node;
mod outages;
mod outcome_table;
mod quoting;
mod scripted;
mod sessions;
mod signing_in;
mod simulated_faults;
mod support;
