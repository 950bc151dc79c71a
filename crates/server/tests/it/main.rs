//! The composed server as its users meet it: real processes, real databases, the simulated platform.

mod administering;
mod auditor;
mod authorisation;
mod backlog;
mod bad_configuration;
mod bad_input;
mod cancelling;
mod chaos;
mod crash_sweep;
mod demo;
mod exporting;
mod key_rotation;
mod lost_answers;
mod memory;
mod onboarding;
mod pausing;
mod provisioning;
mod retrying;
mod revocation;
mod settlement;
mod stuck_jobs;
mod support;
mod syncing;
mod takeover;
mod transfer;
mod two_workers;
