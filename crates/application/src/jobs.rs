//! Use cases about jobs.

pub(crate) mod cancel;
mod get;
mod list;
mod read_log;
mod retry;

pub use cancel::CancelJob;
pub use get::GetJob;
pub use list::ListJobs;
pub use read_log::ReadJobLog;
pub use retry::RetryJob;
