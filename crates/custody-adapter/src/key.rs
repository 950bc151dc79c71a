//! A key in memory. It cannot be printed and is wiped when dropped.

use zeroize::Zeroizing;

/// Bytes of every key here.
pub(crate) const KEY_LENGTH_BYTES: usize = 32;

/// The operating system's random source failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub struct NoRandomness;

/// 256 secret bits. There is deliberately no `Debug`, `Display`, `PartialEq` or serialisation.
#[derive(Clone)]
pub struct Key(Zeroizing<[u8; KEY_LENGTH_BYTES]>);

impl Key {
    /// A new key from the operating system's random source.
    pub(crate) fn generate() -> Result<Self, NoRandomness> {
        let mut key = Self(Zeroizing::default());
        getrandom::fill(key.0.as_mut_slice()).map_err(|_| NoRandomness)?;
        Ok(key)
    }

    /// Copies a key out of a buffer that the caller wipes; `None` when the length is not right.
    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        let mut key = Self(Zeroizing::default());
        if bytes.len() != KEY_LENGTH_BYTES {
            return None;
        }
        key.0.copy_from_slice(bytes);
        Some(key)
    }

    /// The bytes, for the one computation that needs them.
    pub fn expose(&self) -> &[u8; KEY_LENGTH_BYTES] {
        &self.0
    }
}

/// Fresh random bytes that are no secret: nonces.
pub(crate) fn random_bytes<const LENGTH: usize>() -> Result<[u8; LENGTH], NoRandomness> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}
