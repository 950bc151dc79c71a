//! Use cases about the team's platform account.

mod connect;
mod disconnect;
mod get;
mod removal;
mod verify;

pub(crate) use connect::CheckedCredential;
pub use connect::{ConnectPlatformAccount, ConnectPlatformAccountCommand};
pub use disconnect::DisconnectPlatformAccount;
pub use get::GetPlatformAccount;
pub use removal::CredentialRemoval;
pub use verify::VerifyPlatformAccount;
