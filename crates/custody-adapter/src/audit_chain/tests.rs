use super::*;
use crate::key_ring::test_rings;

fn chain() -> AuditChain {
    AuditChain::new(LiveKeyRing::fixed(test_rings::fresh()))
}

#[test]
fn a_seal_holds_for_its_line_after_its_predecessor_only() {
    let chain = chain();
    let first = chain.seal(b"", b"one");
    let second = chain.seal(&first.mac, b"two");
    assert!(chain.is_right(b"", b"one", &first));
    assert!(chain.is_right(&first.mac, b"two", &second));
    assert!(!chain.is_right(b"", b"two", &second), "a line is left out");
    assert!(
        !chain.is_right(&first.mac, b"tw0", &second),
        "a line is changed"
    );
    assert!(
        !chain.is_right(&second.mac, b"one", &first),
        "lines are exchanged"
    );
    // The same letters, divided differently.
    let glued = chain.seal(b"ab", b"c");
    assert!(!chain.is_right(b"a", b"bc", &glued));
}

#[test]
fn no_changed_byte_of_a_seal_goes_unnoticed() {
    let chain = chain();
    let seal = chain.seal(b"before", b"line");
    for position in 0..seal.mac.len() {
        for bit in 0..8 {
            let mut changed = seal.clone();
            changed.mac[position] ^= 1 << bit;
            assert!(!chain.is_right(b"before", b"line", &changed));
        }
        let mut cut = seal.clone();
        cut.mac.truncate(position);
        assert!(!chain.is_right(b"before", b"line", &cut));
    }
}

#[test]
fn lines_under_an_older_key_stay_right_and_those_of_strangers_never_are() {
    let (before, after) = test_rings::before_and_after_rotation();
    let old = AuditChain::new(LiveKeyRing::fixed(before));
    let new = AuditChain::new(LiveKeyRing::fixed(after));
    let seal = old.seal(b"", b"line");
    assert!(new.is_right(b"", b"line", &seal));
    let newer = new.seal(&seal.mac, b"next");
    assert_ne!(newer.key_id, seal.key_id);
    assert!(
        !old.is_right(&seal.mac, b"next", &newer),
        "its key is not there yet"
    );
    assert!(!chain().is_right(b"", b"line", &seal));
}
