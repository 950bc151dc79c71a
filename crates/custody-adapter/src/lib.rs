#![doc = include_str!("../README.md")]

mod associated_data;
mod audit_chain;
mod authenticator;
mod base32;
mod envelope;
mod key;
mod key_ring;
mod keyed_hash;
mod live_key_ring;
mod password_hashing;
mod token_forge;
mod vault;

pub use audit_chain::AuditChain;
pub use authenticator::Authenticator;
pub use key::{Key, NoRandomness};
pub use key_ring::{KeyChangeError, KeyRing, KeyRingEditor, KeyRingError};
pub use live_key_ring::{LiveKeyRing, Refreshed};
pub use password_hashing::{PasswordHashingError, PasswordLoad, PasswordThreads};
pub use token_forge::TokenForge;
pub use vault::EnvelopeVault;
