//! Names of spans. A span's own name is fixed when the program is compiled; where the vocabulary has
//! a part that is only known at run time, the span carries the full name in
//! [`super::fields::SPAN_NAME`], made by a function of this module.

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

/// Use case: take the owner's platform credential into custody.
pub const USECASE_PLATFORM_ACCOUNT_CONNECT: &str = "usecase.platform_account.connect";
/// Use case: show the state of the platform account.
pub const USECASE_PLATFORM_ACCOUNT_GET: &str = "usecase.platform_account.get";
/// Use case: provision an environment.
pub const USECASE_ENVIRONMENT_PROVISION: &str = "usecase.environment.provision";
/// Use case: show one environment.
pub const USECASE_ENVIRONMENT_GET: &str = "usecase.environment.get";
/// Use case: list environments.
pub const USECASE_ENVIRONMENT_LIST: &str = "usecase.environment.list";
/// Use case: install an add-on.
pub const USECASE_ADDON_INSTALL: &str = "usecase.addon.install";
/// Use case: show one job.
pub const USECASE_JOB_GET: &str = "usecase.job.get";
/// Use case: read a job's log.
pub const USECASE_JOB_LOG: &str = "usecase.job.log";
/// Use case: authenticate a token.
pub const USECASE_TOKEN_AUTHENTICATE: &str = "usecase.token.authenticate";

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
