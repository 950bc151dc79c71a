use super::*;
use crate::key_ring::test_rings;
use std::collections::HashSet;

fn forge() -> TokenForge {
    TokenForge::new(Arc::new(test_rings::fresh()))
}

fn hashes(forge: &TokenForge, text: &str) -> Vec<TokenHash> {
    forge.hashes_of(&SecretText::new(text.to_owned()))
}

#[test]
fn a_token_has_its_shape_and_finds_its_hash() {
    let forge = forge();
    let (token, hash) = forge.new_api_token().unwrap();
    let text = token.expose();
    assert_eq!(text.len(), TOKEN_LENGTH);
    assert!(text.starts_with("wdl_api_"));
    assert_eq!(forge.hashes_of(&token), std::slice::from_ref(&hash));
    assert_eq!(hash.mac.len(), 32);
    assert_eq!(hash.pepper_id, forge.ring.active_pepper().0);
}

#[test]
fn tokens_do_not_repeat() {
    let forge = forge();
    let tokens: HashSet<String> = (0..1_000)
        .map(|_| forge.new_api_token().unwrap().0.expose().to_owned())
        .collect();
    assert_eq!(tokens.len(), 1_000);
}

#[test]
fn no_mistyped_token_is_well_formed() {
    let forge = forge();
    let (token, _) = forge.new_api_token().unwrap();
    let text = token.expose();
    for position in 0..text.len() {
        let typed = if text.as_bytes()[position] == b'a' {
            "b"
        } else {
            "a"
        };
        let mut mistyped = text.to_owned();
        mistyped.replace_range(position..=position, typed);
        assert!(hashes(&forge, &mistyped).is_empty(), "position {position}");
        assert!(
            hashes(&forge, &text[..position]).is_empty(),
            "cut at {position}"
        );
    }
    for malformed in [
        "",
        "wdl_api_",
        &format!("{text} "),
        &format!(" {text}"),
        &"ü".repeat(30),
    ] {
        assert!(hashes(&forge, malformed).is_empty(), "{malformed:?}");
    }
}

#[test]
fn a_right_checksum_over_a_wrong_kind_is_refused() {
    let forge = forge();
    for signed in [
        format!("wdl_xyz_{}", "A".repeat(43)),
        format!("wdl_api_{}", "+".repeat(43)),
    ] {
        let text = format!("{signed}_{}", checksum_of(&signed));
        assert_eq!(text.len(), TOKEN_LENGTH);
        assert!(hashes(&forge, &text).is_empty(), "{text}");
    }
}

#[test]
fn an_old_pepper_is_still_tried_after_the_active_one() {
    let (before, after) = test_rings::before_and_after_rotation();
    let (token, old_hash) = TokenForge::new(Arc::new(before)).new_api_token().unwrap();
    let rotated = TokenForge::new(Arc::new(after));
    let found = rotated.hashes_of(&token);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].pepper_id, rotated.ring.active_pepper().0);
    assert_ne!(found[0].mac, old_hash.mac);
    assert_eq!(found[1], old_hash);
}

#[test]
fn fingerprints_tell_requests_and_installations_apart() {
    let (one, other) = (forge(), forge());
    assert_eq!(one.fingerprint(b"a"), one.fingerprint(b"a"));
    assert_ne!(one.fingerprint(b"a"), one.fingerprint(b"b"));
    assert_ne!(one.fingerprint(b"a"), other.fingerprint(b"a"));
}

#[test]
fn the_keyed_hash_is_hmac_sha_256() {
    // RFC 4231, test case 1 has a key of 20 bytes; padded with zeros to 32 it is the same key.
    let mut bytes = [0_u8; 32];
    bytes[..20].fill(0x0b);
    let key = Key::from_slice(&bytes).unwrap();
    let mac = keyed_hash(&key, b"Hi ", b"There");
    let expected = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";
    let shown = mac
        .iter()
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    assert_eq!(shown, expected);
}
