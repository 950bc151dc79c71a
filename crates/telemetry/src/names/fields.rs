//! Names of the fields of spans and log lines.
//!
//! The `tracing` macros take field names as written tokens, so a macro call repeats the text; these
//! constants are for everything that reads or records by name.

/// One HTTP request; on every line that belongs to it.
pub const REQUEST_ID: &str = "request_id";
/// The team somebody acts for.
pub const TEAM_ID: &str = "team_id";
/// The principal that acts: a token, a person or `system`.
pub const USER: &str = "user";
/// The job.
pub const JOB: &str = "job";
/// The environment.
pub const ENVIRONMENT: &str = "environment";
/// The route's pattern, never the path that was asked for.
pub const ROUTE: &str = "route";
/// The HTTP method.
pub const METHOD: &str = "method";
/// The HTTP status.
pub const STATUS: &str = "status";
/// How long it took, in milliseconds.
pub const DURATION_MS: &str = "duration_ms";
/// The platform's method, one of a closed set.
pub const ENDPOINT: &str = "endpoint";
/// The number of the attempt, from 1.
pub const ATTEMPT: &str = "attempt";
/// How a step or a call ended.
pub const OUTCOME: &str = "outcome";
/// The stable code of a problem.
pub const CODE: &str = "code";
/// An error with its causes on one line.
pub const ERROR: &str = "error";
/// What a mail is about, one of a closed set.
pub const MAIL: &str = "mail";
/// The id of a mail.
pub const MAIL_ID: &str = "mail_id";
/// A file or folder of this installation.
pub const PATH: &str = "path";
/// How many.
pub const COUNT: &str = "count";
/// The name of a span that is only known at run time; trace exporters show it instead of the static
/// one.
pub const SPAN_NAME: &str = "otel.name";
