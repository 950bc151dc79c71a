//! Use cases about the team's platform account.

mod connect;
mod disconnect;
mod get;
mod verify;

pub use connect::{ConnectPlatformAccount, ConnectPlatformAccountCommand};
pub use disconnect::DisconnectPlatformAccount;
pub use get::GetPlatformAccount;
pub use verify::VerifyPlatformAccount;
