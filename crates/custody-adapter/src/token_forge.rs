//! API tokens and request fingerprints: keyed hashes under keys of their own, never under a master
//! key.
//!
//! A token is `wdl_api_<43 characters>_<8 hexadecimal digits>`: 256 random bits in URL-safe base64,
//! and a CRC-32 of everything before, so that a mistyped token is refused without asking the store
//! and a leaked one is easy to recognise.

use crate::key::Key;
use crate::key_ring::KeyRing;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::SecretText;
use domain::ports::{TokenHasher, VaultError};
use domain::team::TokenHash;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::sync::Arc;
use zeroize::Zeroizing;

#[cfg(test)]
mod tests;

const PREFIX: &str = "wdl_api_";
const RANDOM_LENGTH: usize = 43;
const SIGNED_LENGTH: usize = PREFIX.len() + RANDOM_LENGTH;
const CHECKSUM_LENGTH: usize = 8;
const TOKEN_LENGTH: usize = SIGNED_LENGTH + 1 + CHECKSUM_LENGTH;

const TOKEN_PURPOSE: &[u8] = b"windlass/api-token/v1";
const FINGERPRINT_PURPOSE: &[u8] = b"windlass/request/v1";

/// Makes and hashes tokens under the peppers of a ring.
pub struct TokenForge {
    ring: Arc<KeyRing>,
}

impl TokenForge {
    /// A forge on the ring's peppers and its fingerprint key.
    pub fn new(ring: Arc<KeyRing>) -> Self {
        Self { ring }
    }
}

impl TokenHasher for TokenForge {
    fn new_api_token(&self) -> Result<(SecretText, TokenHash), VaultError> {
        let random = Key::generate().map_err(|_| VaultError)?;
        let mut encoded = Zeroizing::new([0; RANDOM_LENGTH]);
        URL_SAFE_NO_PAD
            .encode_slice(random.expose(), encoded.as_mut_slice())
            .map_err(|_| VaultError)?;
        let random_text = std::str::from_utf8(encoded.as_slice()).map_err(|_| VaultError)?;
        // Room for all of it from the start: growing would leave a copy behind.
        let mut text = String::with_capacity(TOKEN_LENGTH);
        text.push_str(PREFIX);
        text.push_str(random_text);
        let checksum = checksum_of(&text);
        text.push('_');
        text.push_str(&checksum);
        let (pepper_id, pepper) = self.ring.active_pepper();
        let hash = TokenHash {
            pepper_id: pepper_id.to_owned(),
            mac: keyed_hash(pepper, TOKEN_PURPOSE, text.as_bytes()),
        };
        Ok((SecretText::new(text), hash))
    }

    fn hashes_of(&self, token: &SecretText) -> Vec<TokenHash> {
        if !is_well_formed(token.expose()) {
            return Vec::new();
        }
        let bytes = token.expose().as_bytes();
        self.ring
            .peppers()
            .map(|(pepper_id, pepper)| TokenHash {
                pepper_id: pepper_id.to_owned(),
                mac: keyed_hash(pepper, TOKEN_PURPOSE, bytes),
            })
            .collect()
    }

    fn fingerprint(&self, request: &[u8]) -> Vec<u8> {
        keyed_hash(self.ring.fingerprint_key(), FINGERPRINT_PURPOSE, request)
    }
}

fn is_well_formed(text: &str) -> bool {
    if text.len() != TOKEN_LENGTH || !text.is_ascii() {
        return false;
    }
    let (signed, rest) = text.split_at(SIGNED_LENGTH);
    let (kind, random) = signed.split_at(PREFIX.len());
    let mut decoded = Zeroizing::new([0; RANDOM_LENGTH]);
    kind == PREFIX
        && URL_SAFE_NO_PAD
            .decode_slice(random, decoded.as_mut_slice())
            .is_ok()
        && rest.strip_prefix('_') == Some(checksum_of(signed).as_str())
}

/// No secret: whoever knows it knows 32 bits about a text of 256 random ones.
fn checksum_of(text: &str) -> String {
    format!("{:08x}", crc32fast::hash(text.as_bytes()))
}

/// HMAC-SHA-256. No purpose is the beginning of another, so no separator is needed.
fn keyed_hash(key: &Key, purpose: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key.expose()).expect("HMAC takes keys of any length");
    mac.update(purpose);
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}
