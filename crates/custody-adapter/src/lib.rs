#![doc = include_str!("../README.md")]

mod associated_data;
mod envelope;
mod key;
mod key_ring;
mod token_forge;
mod vault;

pub use key::Key;
pub use key_ring::{KeyRing, KeyRingError};
pub use token_forge::TokenForge;
pub use vault::EnvelopeVault;
