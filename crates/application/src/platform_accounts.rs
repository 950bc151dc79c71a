//! Use cases about the team's platform account.

mod connect;
mod get;
mod removal;

pub(crate) use connect::CheckedCredential;
pub use connect::{ConnectPlatformAccount, ConnectPlatformAccountCommand};
pub use get::GetPlatformAccount;
pub use removal::CredentialRemoval;
