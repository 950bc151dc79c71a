//! Rings for the tests of this crate.

use super::{Key, KeyRing, NamedKey};

pub(crate) fn fresh() -> KeyRing {
    KeyRing::generate().unwrap()
}

/// A ring whose master key has the name, and bytes of its own.
pub(crate) fn with_master_key_named(id: &str) -> KeyRing {
    let mut ring = fresh();
    ring.master_keys[0].id = id.to_owned();
    ring
}

/// The same ring before and after a new master key and a new pepper were made active.
pub(crate) fn before_and_after_rotation() -> (KeyRing, KeyRing) {
    let before = fresh();
    let mut after = fresh();
    after.master_keys.push(copy(&before.master_keys[0]));
    after.peppers.push(copy(&before.peppers[0]));
    (before, after)
}

fn copy(named: &NamedKey) -> NamedKey {
    NamedKey {
        id: named.id.clone(),
        key: Key::from_slice(named.key.expose()).unwrap(),
    }
}
