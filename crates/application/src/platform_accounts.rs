//! Use cases about the team's platform account.

mod connect;
mod get;

pub use connect::{ConnectPlatformAccount, ConnectPlatformAccountCommand};
pub use get::GetPlatformAccount;
