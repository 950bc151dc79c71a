//! Rings for the tests of this crate.

use super::KeyRing;
use domain::key_ring::KeyKind;

pub(crate) fn fresh() -> KeyRing {
    KeyRing::generate().unwrap()
}

/// A ring whose master key has the name, and bytes of its own.
pub(crate) fn with_master_key_named(id: &str) -> KeyRing {
    let mut ring = fresh();
    ring.master_keys[0].id = id.to_owned();
    ring
}

/// The same ring before and after a new key of each kind was made active.
pub(crate) fn before_and_after_rotation() -> (KeyRing, KeyRing) {
    let before = fresh();
    let after = KeyKind::ALL.into_iter().fold(before.clone(), |ring, kind| {
        let (ring, id) = ring.with_new_key(kind).unwrap();
        ring.with_active_key(&id).unwrap()
    });
    (before, after)
}
