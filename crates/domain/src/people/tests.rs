use super::{NewPassword, OneTimeCode};
use crate::secret::SecretText;

fn secret(text: &str) -> SecretText {
    SecretText::new(text.to_owned())
}

#[test]
fn a_password_has_12_to_128_characters_whatever_their_bytes() {
    for (length, is_fit) in [
        (0, false),
        (11, false),
        (12, true),
        (128, true),
        (129, false),
    ] {
        for letter in ["x", "ü", " "] {
            let parsed = NewPassword::parse(secret(&letter.repeat(length)));
            assert_eq!(parsed.is_ok(), is_fit, "{length} times {letter:?}");
        }
    }
}

#[test]
fn a_code_is_six_digits_with_or_without_spaces() {
    for text in ["123456", "123 456", " 12 34 56 "] {
        let code = OneTimeCode::parse(&secret(text));
        assert_eq!(code.ok().unwrap().digits(), "123456");
    }
    for text in ["", "12345", "1234567", "12345a", "123-456", "١٢٣٤٥٦"] {
        assert!(OneTimeCode::parse(&secret(text)).is_err(), "{text}");
    }
}
