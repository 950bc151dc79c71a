use super::*;
use crate::key_ring::test_rings;
use std::collections::HashSet;

fn forge() -> TokenForge {
    TokenForge::new(LiveKeyRing::fixed(test_rings::fresh()))
}

fn secret(text: &str) -> SecretText {
    SecretText::new(text.to_owned())
}

#[test]
fn a_token_has_its_shape_and_finds_its_hash() {
    let forge = forge();
    for kind in TokenKind::ALL {
        let (token, hash) = forge.new_token(kind).unwrap();
        let text = token.expose();
        let prefix = format!("wdl_{}_", kind.as_str());
        assert!(text.starts_with(&prefix));
        assert_eq!(text.len(), prefix.len() + 43 + 1 + 8);
        assert_eq!(forge.hashes_of(kind, &token), std::slice::from_ref(&hash));
        assert_eq!(hash.mac.len(), 32);
        assert_eq!(hash.pepper_id, forge.ring.current().active_pepper().0);
    }
}

#[test]
fn no_kind_of_token_passes_for_another() {
    let forge = forge();
    let (mut tried, mut taken) = (0, 0);
    for made in TokenKind::ALL {
        let (token, _) = forge.new_token(made).unwrap();
        for asked in TokenKind::ALL {
            tried += 1;
            taken += usize::from(!forge.hashes_of(asked, &token).is_empty());
        }
    }
    println!("tokens taken: {taken} of {tried}");
    assert_eq!((tried, taken), (36, 6));
}

#[test]
fn tokens_do_not_repeat() {
    let forge = forge();
    let tokens: HashSet<String> = (0..1_000)
        .map(|_| {
            forge
                .new_token(TokenKind::Api)
                .unwrap()
                .0
                .expose()
                .to_owned()
        })
        .collect();
    assert_eq!(tokens.len(), 1_000);
}

#[test]
fn no_mistyped_token_is_well_formed() {
    let forge = forge();
    for kind in TokenKind::ALL {
        let (token, _) = forge.new_token(kind).unwrap();
        let text = token.expose();
        for position in 0..text.len() {
            let typed = if text.as_bytes()[position] == b'a' {
                "b"
            } else {
                "a"
            };
            let mut mistyped = text.to_owned();
            mistyped.replace_range(position..=position, typed);
            assert!(!is_well_formed(kind, &mistyped), "position {position}");
            assert!(
                !is_well_formed(kind, &text[..position]),
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
            assert!(!is_well_formed(kind, malformed), "{malformed:?}");
        }
    }
}

#[test]
fn a_right_checksum_over_something_else_is_refused() {
    let forge = forge();
    for signed in [
        format!("wdl_xyz_{}", "A".repeat(43)),
        format!("wdl_api_{}", "+".repeat(43)),
    ] {
        let text = format!("{signed}_{}", checksum_of(&signed));
        let hashes = forge.hashes_of(TokenKind::Api, &secret(&text));
        assert!(hashes.is_empty(), "{text}");
    }
}

#[test]
fn an_old_pepper_is_still_tried_after_the_active_one() {
    let (before, after) = test_rings::before_and_after_rotation();
    let old = TokenForge::new(LiveKeyRing::fixed(before));
    let rotated = TokenForge::new(LiveKeyRing::fixed(after));
    let (token, old_hash) = old.new_token(TokenKind::Session).unwrap();
    let (code, old_code_hash) = old.new_recovery_codes(1).unwrap().remove(0);
    let found = rotated.hashes_of(TokenKind::Session, &token);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].pepper_id, rotated.ring.current().active_pepper().0);
    assert_ne!(found[0].mac, old_hash.mac);
    assert_eq!(found[1], old_hash);
    assert_eq!(rotated.hashes_of_recovery_code(&code)[1], old_code_hash);
    let csrf = old.csrf_token(&token);
    assert!(
        rotated.is_csrf_token(&token, &csrf),
        "sessions outlive a pepper"
    );
}

#[test]
fn recovery_codes_are_groups_that_people_can_type() {
    let forge = forge();
    let codes = forge.new_recovery_codes(100).unwrap();
    let mut seen = HashSet::new();
    for (code, hash) in &codes {
        let text = code.expose();
        let groups: Vec<&str> = text.split('-').collect();
        assert_eq!(groups.iter().map(|it| it.len()).collect::<Vec<_>>(), [4; 4]);
        assert!(!text.contains(['I', 'L', 'O', 'U']), "{text}");
        assert!(seen.insert(text.to_owned()));
        let expected = std::slice::from_ref(hash);
        for typed in [
            text.to_owned(),
            text.to_lowercase(),
            text.replace('-', " "),
            format!("  {} ", text.replace('-', "")),
            text.replace('0', "o").replace('1', "l"),
            text.replace('0', "O").replace('1', "I"),
        ] {
            assert_eq!(forge.hashes_of_recovery_code(&secret(&typed)), expected);
        }
    }
    let text = codes[0].0.expose();
    for malformed in [
        "",
        &text[1..],
        &format!("{text}0"),
        &text.replacen(|_: char| true, "U", 1),
        &text.replacen(|_: char| true, "ä", 1),
        &format!("{text}{}", " ".repeat(64)),
    ] {
        let hashes = forge.hashes_of_recovery_code(&secret(malformed));
        assert!(hashes.is_empty(), "{malformed:?}");
    }
}

#[test]
fn a_csrf_token_belongs_to_its_session_and_its_installation() {
    let forge = forge();
    let (one, _) = forge.new_token(TokenKind::Session).unwrap();
    let (other, _) = forge.new_token(TokenKind::Session).unwrap();
    let csrf = forge.csrf_token(&one);
    assert_eq!(csrf.expose(), forge.csrf_token(&one).expose());
    assert_ne!(csrf.expose(), one.expose());
    assert!(forge.is_csrf_token(&one, &csrf));
    assert!(!forge.is_csrf_token(&other, &csrf));
    assert!(!self::forge().is_csrf_token(&one, &csrf));
    let text = csrf.expose();
    for position in 0..text.len() {
        let mut changed = text.to_owned();
        let typed = if &text[position..=position] == "A" {
            "B"
        } else {
            "A"
        };
        changed.replace_range(position..=position, typed);
        assert!(!forge.is_csrf_token(&one, &secret(&changed)), "{position}");
        assert!(!forge.is_csrf_token(&one, &secret(&text[..position])));
    }
    assert!(!forge.is_csrf_token(&one, &secret(&format!("{text}A"))));
    assert!(!forge.is_csrf_token(&one, &one));
}

#[test]
fn fingerprints_tell_requests_and_installations_apart() {
    let (one, other) = (forge(), forge());
    assert_eq!(one.fingerprint(b"a"), one.fingerprint(b"a"));
    assert_ne!(one.fingerprint(b"a"), one.fingerprint(b"b"));
    assert_ne!(one.fingerprint(b"a"), other.fingerprint(b"a"));
}

#[test]
fn a_secret_of_a_webhook_is_32_random_bytes_in_base64() {
    let forge = forge();
    let [one, other] = [(); 2].map(|()| forge.new_webhook_secret().unwrap());
    let encoded = one.expose().strip_prefix("whsec_").unwrap();
    let decoded = STANDARD.decode(encoded);
    assert_eq!(decoded.unwrap().len(), 32);
    assert_ne!(one.expose(), other.expose());
}
