use super::*;

const ALL: [Purpose; 5] = [TOKEN, RECOVERY_CODE, CSRF, REQUEST, AUDIT_LINE];

#[test]
fn no_purpose_is_the_beginning_of_another() {
    for one in ALL {
        let begun_alike = ALL.iter().filter(|other| other.0.starts_with(one.0));
        assert_eq!(begun_alike.count(), 1);
    }
}

#[test]
fn the_keyed_hash_is_hmac_sha_256() {
    // RFC 4231, test case 1 has a key of 20 bytes; padded with zeros to 32 it is the same key.
    let mut bytes = [0_u8; 32];
    bytes[..20].fill(0x0b);
    let key = Key::from_slice(&bytes).unwrap();
    let mac = keyed_hash(&key, Purpose(b"Hi "), b"There");
    let expected = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";
    let shown = mac
        .iter()
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    assert_eq!(shown, expected);
    assert!(is_keyed_hash(&key, Purpose(b"Hi "), b"There", &mac));
    assert!(!is_keyed_hash(&key, Purpose(b"Hi"), b"There", &mac));
    assert!(!is_keyed_hash(&key, Purpose(b"Hi "), b"There", &mac[..16]));
}
