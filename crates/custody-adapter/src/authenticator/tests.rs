use super::*;

/// The secret of RFC 6238, appendix B: the ASCII text 12345678901234567890.
fn vector_secret() -> SecretText {
    SecretText::new("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".to_owned())
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn code_at(second: i64) -> String {
    let key = APPS.decode(vector_secret().expose()).unwrap();
    let digits = code_of(&key, second.div_euclid(STEP_SECONDS));
    String::from_utf8(digits.to_vec()).unwrap()
}

#[test]
fn codes_are_those_of_rfc_6238() {
    // Appendix B has eight digits; the last six of them are what six digits give.
    let vectors = [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ];
    for (second, eight) in vectors {
        let six = &eight[2..];
        assert_eq!(code_at(second), six);
        let step = Authenticator.matching_step(&vector_secret(), six, at(second), 0);
        assert_eq!(step, Some(second / 30));
    }
}

#[test]
fn a_code_is_good_for_its_step_and_the_ones_beside_it() {
    let code = code_at(1_000_000_000);
    let step = 1_000_000_000_i64 / 30;
    let taken = |second| Authenticator.matching_step(&vector_secret(), &code, at(second), 0);
    let begin = step * 30;
    for second in [begin - 30, begin, begin + 29, begin + 59] {
        assert_eq!(taken(second), Some(step), "{second}");
    }
    for second in [begin - 31, begin + 60] {
        assert_eq!(taken(second), None, "{second}");
    }
}

#[test]
fn a_code_is_good_once() {
    let now = at(1_000_000_000);
    let code = code_at(1_000_000_000);
    let step = Authenticator
        .matching_step(&vector_secret(), &code, now, 0)
        .unwrap();
    let again = |after| Authenticator.matching_step(&vector_secret(), &code, now, after);
    assert_eq!(again(step), None);
    assert_eq!(again(step + 1), None);
    assert_eq!(again(step - 1), Some(step));
}

#[test]
fn codes_are_typed_in_groups_and_nothing_else_is_a_code() {
    let code = code_at(1_000_000_000);
    let taken =
        |typed: &str| Authenticator.matching_step(&vector_secret(), typed, at(1_000_000_000), 0);
    assert!(taken(&format!("{} {} ", &code[..3], &code[3..])).is_some());
    for wrong in [
        "",
        &code[1..],
        &format!("{code}0"),
        &format!("+{}", &code[1..]),
        "ABCDEF",
        "\u{661}\u{662}\u{663}",
    ] {
        assert!(taken(wrong).is_none(), "{wrong:?}");
    }
    let damaged = SecretText::new("not base32".to_owned());
    let matching = Authenticator.matching_step(&damaged, &code, at(1_000_000_000), 0);
    assert_eq!(matching, None);
}

#[test]
fn new_secrets_have_160_bits_and_differ() {
    let one = Authenticator.new_secret().unwrap();
    let other = Authenticator.new_secret().unwrap();
    assert_eq!(APPS.decode(one.expose()).unwrap().len(), SECRET_BYTES);
    assert_ne!(one.expose(), other.expose());
}

#[test]
fn the_address_for_apps_cannot_be_broken_out_of() {
    let uri = Authenticator.enrolment_uri(&vector_secret(), "a&secret=B#/ä@example.com");
    assert_eq!(
        uri.expose(),
        "otpauth://totp/Windlass:a%26secret%3DB%23%2F%C3%A4%40example.com\
         ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Windlass&algorithm=SHA1&digits=6&period=30"
    );
}
