//! Names of spans. A span's own name is fixed when the program is compiled; where the vocabulary has
//! a part that is only known at run time, the span carries the full name in
//! [`super::fields::SPAN_NAME`], made by a function of this module. A use case has the span
//! `usecase.<area>.<its type in snake case>`; `cargo xtask tidy` looks after that.

/// One request to our API.
pub const HTTP_REQUEST: &str = "http.request";
/// One job run, until it waits or ends.
pub const JOB: &str = "job";
/// One step of a job.
pub const STEP: &str = "step";
/// One attempt of a call to the platform.
pub const PLATFORM_CALL: &str = "virtuozzo";
/// One statement or a few of them on one aggregate.
pub const STORE: &str = "store";

/// `job.<kind>`.
pub fn job(kind: &str) -> String {
    format!("{JOB}.{kind}")
}

/// `step.<name>`.
pub fn step(name: &str) -> String {
    format!("{STEP}.{name}")
}

/// `store.<aggregate>.<verb>`.
pub fn store(aggregate: &str, verb: &str) -> String {
    format!("{STORE}.{aggregate}.{verb}")
}

/// `virtuozzo.<endpoint>`.
pub fn platform_call(endpoint: &str) -> String {
    format!("{PLATFORM_CALL}.{endpoint}")
}
