use super::*;

#[test]
fn the_alphabet_of_apps_is_that_of_rfc_4648() {
    // Section 10; `fooba` is the longest vector without padding.
    assert_eq!(APPS.encode(b"fooba").as_str(), "MZXW6YTB");
    assert_eq!(APPS.decode("MZXW6YTB").unwrap().as_slice(), b"fooba");
    assert!(APPS.decode("MZXW6YT1").is_none());
    assert!(APPS.decode("mzxw6ytb").is_none());
}

#[test]
fn any_bytes_come_back_in_both_alphabets() {
    let bytes: Vec<u8> = (0..=255).chain(0..=254).collect();
    for alphabet in [APPS, PEOPLE] {
        for length in (0..bytes.len()).step_by(5) {
            let text = alphabet.encode(&bytes[..length]);
            assert!(alphabet.has_all_of(&text));
            assert_eq!(alphabet.decode(&text).unwrap().as_slice(), &bytes[..length]);
        }
    }
}

#[test]
fn people_meet_no_symbols_that_look_alike() {
    for alike in ["I", "L", "O", "U", "i", "-", " ", "ä"] {
        assert!(!PEOPLE.has_all_of(alike), "{alike}");
    }
}
