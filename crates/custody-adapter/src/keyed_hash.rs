//! HMAC-SHA-256, with a purpose in front of each message. It knows no ring.

use crate::key::Key;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// What a hash is for: one of a closed set, none of which is the beginning of another, so no separator
/// is needed behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Purpose(&'static [u8]);

/// A token of any kind; its kind is in its text.
pub(crate) const TOKEN: Purpose = Purpose(b"windlass/token/v1");
/// A recovery code.
pub(crate) const RECOVERY_CODE: Purpose = Purpose(b"windlass/recovery-code/v1");
/// The CSRF token of a session.
pub(crate) const CSRF: Purpose = Purpose(b"windlass/csrf/v1");
/// A request that may come again.
pub(crate) const REQUEST: Purpose = Purpose(b"windlass/request/v1");
/// A line of the audit trail.
pub(crate) const AUDIT_LINE: Purpose = Purpose(b"windlass/audit-line/v1");

/// The hash of the message.
pub(crate) fn keyed_hash(key: &Key, purpose: Purpose, message: &[u8]) -> Vec<u8> {
    begun(key, purpose, message)
        .finalize()
        .into_bytes()
        .to_vec()
}

/// Whether it is the hash of the message, in constant time.
pub(crate) fn is_keyed_hash(key: &Key, purpose: Purpose, message: &[u8], presented: &[u8]) -> bool {
    begun(key, purpose, message).verify_slice(presented).is_ok()
}

fn begun(key: &Key, purpose: Purpose, message: &[u8]) -> Hmac<Sha256> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key.expose()).expect("HMAC takes keys of any length");
    mac.update(purpose.0);
    mac.update(message);
    mac
}

#[cfg(test)]
mod tests;
