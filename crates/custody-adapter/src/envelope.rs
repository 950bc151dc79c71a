//! XChaCha20-Poly1305 with a random nonce in front of the ciphertext. 192 bits of nonce make a
//! repetition under one key out of the question. It knows nothing of teams, places or key rings.

use crate::key::{Key, random_bytes};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::ports::VaultError;
use zeroize::Zeroizing;

/// Bytes of a nonce.
pub(crate) const NONCE_LENGTH_BYTES: usize = 24;
const TAG_LENGTH_BYTES: usize = 16;

/// What encryption adds to the length.
pub(crate) const OVERHEAD_BYTES: usize = NONCE_LENGTH_BYTES + TAG_LENGTH_BYTES;

/// Nonce and ciphertext.
pub(crate) fn encrypt(key: &Key, bound_to: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, VaultError> {
    let nonce = random_bytes::<NONCE_LENGTH_BYTES>().map_err(|_| VaultError)?;
    let payload = Payload {
        msg: plaintext,
        aad: bound_to,
    };
    let ciphertext = XChaCha20Poly1305::new(key.expose().into())
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| VaultError)?;
    let mut sealed = Vec::with_capacity(NONCE_LENGTH_BYTES + ciphertext.len());
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(&ciphertext);
    Ok(sealed)
}

/// What [`encrypt`] was given, if key and binding are the same and nothing was changed.
pub(crate) fn decrypt(
    key: &Key,
    bound_to: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let (nonce, ciphertext) = sealed
        .split_first_chunk::<NONCE_LENGTH_BYTES>()
        .ok_or(VaultError)?;
    let payload = Payload {
        msg: ciphertext,
        aad: bound_to,
    };
    XChaCha20Poly1305::new(key.expose().into())
        .decrypt(&XNonce::from(*nonce), payload)
        .map(Zeroizing::new)
        .map_err(|_| VaultError)
}
