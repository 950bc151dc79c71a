//! Tokens, recovery codes and request fingerprints: keyed hashes under keys of their own, never under a
//! master key.
//!
//! A token is `wdl_<kind>_<43 characters>_<8 hexadecimal digits>`: 256 random bits in URL-safe base64,
//! and a CRC-32 of everything before, so that a mistyped token is refused without asking the store
//! and a leaked one is easy to recognise.

mod recovery_code;

use crate::key::Key;
use crate::keyed_hash::{self, Purpose, is_keyed_hash, keyed_hash};
use crate::live_key_ring::LiveKeyRing;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::SecretText;
use domain::people::TokenHash;
use domain::ports::{TokenHasher, TokenKind, VaultError};
use std::sync::Arc;
use zeroize::Zeroizing;

#[cfg(test)]
mod tests;

const RANDOM_LENGTH: usize = 43;
const CHECKSUM_LENGTH: usize = 8;
const WEBHOOK_SECRET_PREFIX: &str = "whsec_";
/// 32 bytes in base64 with its padding.
const WEBHOOK_SECRET_LENGTH: usize = 44;
/// The keyed hash of a CSRF token in URL-safe base64.
const CSRF_TOKEN_LENGTH: usize = 43;

/// Makes and hashes tokens under the peppers of a ring.
pub struct TokenForge {
    ring: Arc<LiveKeyRing>,
}

impl TokenForge {
    /// A forge on the ring's peppers and its fingerprint key.
    pub fn new(ring: Arc<LiveKeyRing>) -> Self {
        Self { ring }
    }

    fn hash(&self, purpose: Purpose, text: &str) -> TokenHash {
        let ring = self.ring.current();
        let (pepper_id, pepper) = ring.active_pepper();
        TokenHash {
            pepper_id: pepper_id.to_owned(),
            mac: keyed_hash(pepper, purpose, text.as_bytes()),
        }
    }

    fn hashes(&self, purpose: Purpose, text: &str) -> Vec<TokenHash> {
        let ring = self.ring.current();
        let hashes = ring.peppers().map(|(pepper_id, pepper)| TokenHash {
            pepper_id: pepper_id.to_owned(),
            mac: keyed_hash(pepper, purpose, text.as_bytes()),
        });
        hashes.collect()
    }
}

impl TokenHasher for TokenForge {
    fn new_token(&self, kind: TokenKind) -> Result<(SecretText, TokenHash), VaultError> {
        let random = Key::generate().map_err(|_| VaultError)?;
        let mut encoded = Zeroizing::new([0; RANDOM_LENGTH]);
        URL_SAFE_NO_PAD
            .encode_slice(random.expose(), encoded.as_mut_slice())
            .map_err(|_| VaultError)?;
        let random_text = std::str::from_utf8(encoded.as_slice()).map_err(|_| VaultError)?;
        let prefix = prefix_of(kind);
        // Room for all of it from the start: growing would leave a copy behind.
        let mut text = String::with_capacity(prefix.len() + RANDOM_LENGTH + 1 + CHECKSUM_LENGTH);
        text.push_str(&prefix);
        text.push_str(random_text);
        let checksum = checksum_of(&text);
        text.push('_');
        text.push_str(&checksum);
        let hash = self.hash(keyed_hash::TOKEN, &text);
        Ok((SecretText::new(text), hash))
    }

    fn hashes_of(&self, kind: TokenKind, token: &SecretText) -> Vec<TokenHash> {
        if is_well_formed(kind, token.expose()) {
            self.hashes(keyed_hash::TOKEN, token.expose())
        } else {
            Vec::new()
        }
    }

    fn new_webhook_secret(&self) -> Result<SecretText, VaultError> {
        let random = Key::generate().map_err(|_| VaultError)?;
        let length = WEBHOOK_SECRET_PREFIX.len() + WEBHOOK_SECRET_LENGTH;
        let mut text = String::with_capacity(length);
        text.push_str(WEBHOOK_SECRET_PREFIX);
        STANDARD.encode_string(random.expose(), &mut text);
        Ok(SecretText::new(text))
    }

    fn new_recovery_codes(&self, count: usize) -> Result<Vec<(SecretText, TokenHash)>, VaultError> {
        let one = |_| {
            let code = recovery_code::generate().map_err(|_| VaultError)?;
            let hash = self.hash(keyed_hash::RECOVERY_CODE, &code);
            Ok((recovery_code::grouped(&code), hash))
        };
        (0..count).map(one).collect()
    }

    fn hashes_of_recovery_code(&self, code: &SecretText) -> Vec<TokenHash> {
        match recovery_code::as_made(code.expose()) {
            Some(code) => self.hashes(keyed_hash::RECOVERY_CODE, &code),
            None => Vec::new(),
        }
    }

    fn csrf_token(&self, session: &SecretText) -> SecretText {
        let ring = self.ring.current();
        let message = session.expose().as_bytes();
        // Not under a pepper: those change while sessions live.
        let mac = Zeroizing::new(keyed_hash(
            ring.fingerprint_key(),
            keyed_hash::CSRF,
            message,
        ));
        let mut text = String::with_capacity(CSRF_TOKEN_LENGTH);
        URL_SAFE_NO_PAD.encode_string(mac.as_slice(), &mut text);
        SecretText::new(text)
    }

    fn is_csrf_token(&self, session: &SecretText, presented: &SecretText) -> bool {
        let mut mac = Zeroizing::new([0; CSRF_TOKEN_LENGTH]);
        let text = presented.expose().as_bytes();
        if text.len() != CSRF_TOKEN_LENGTH {
            return false;
        }
        let Ok(length) = URL_SAFE_NO_PAD.decode_slice(text, mac.as_mut_slice()) else {
            return false;
        };
        let ring = self.ring.current();
        let message = session.expose().as_bytes();
        is_keyed_hash(
            ring.fingerprint_key(),
            keyed_hash::CSRF,
            message,
            &mac[..length],
        )
    }

    fn fingerprint(&self, request: &[u8]) -> Vec<u8> {
        let ring = self.ring.current();
        keyed_hash(ring.fingerprint_key(), keyed_hash::REQUEST, request)
    }
}

fn prefix_of(kind: TokenKind) -> String {
    format!("wdl_{}_", kind.as_str())
}

/// By positions, not by separators: the random part may hold them.
fn is_well_formed(kind: TokenKind, text: &str) -> bool {
    let prefix = prefix_of(kind);
    let signed_length = prefix.len() + RANDOM_LENGTH;
    if text.len() != signed_length + 1 + CHECKSUM_LENGTH || !text.is_ascii() {
        return false;
    }
    let (signed, rest) = text.split_at(signed_length);
    let (presented_prefix, random) = signed.split_at(prefix.len());
    let mut decoded = Zeroizing::new([0; RANDOM_LENGTH]);
    presented_prefix == prefix
        && URL_SAFE_NO_PAD
            .decode_slice(random, decoded.as_mut_slice())
            .is_ok()
        && rest.strip_prefix('_') == Some(checksum_of(signed).as_str())
}

/// No secret: whoever knows it knows 32 bits about a text of 256 random ones.
fn checksum_of(text: &str) -> String {
    format!("{:08x}", crc32fast::hash(text.as_bytes()))
}
