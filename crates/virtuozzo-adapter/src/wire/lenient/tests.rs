use super::*;

fn scalar(json: &str) -> Scalar {
    serde_json::from_str(json).unwrap()
}

#[test]
fn numbers_may_be_texts() {
    let cases = [
        ("7", Some(7)),
        ("\"7\"", Some(7)),
        ("\" -7 \"", Some(-7)),
        ("7.0", Some(7)),
        ("7.5", None),
        ("18446744073709551615", None),
        ("1e300", None),
        ("\"\"", None),
        ("null", None),
        ("true", None),
        ("[7]", None),
        ("{\"a\":{\"b\":[1]}}", None),
    ];
    for (json, expected) in cases {
        assert_eq!(scalar(json).integer(), expected, "{json}");
    }
}

#[test]
fn measurements_keep_what_is_behind_the_point() {
    let cases = [
        ("7", Some(7.0)),
        ("7.5", Some(7.5)),
        ("\" -7.25 \"", Some(-7.25)),
        ("18446744073709551615", Some(18_446_744_073_709_551_615.0)),
        ("\"NaN\"", None),
        ("\"inf\"", None),
        ("\"\"", None),
        ("null", None),
        ("true", None),
        ("[7]", None),
    ];
    for (json, expected) in cases {
        assert_eq!(scalar(json).number(), expected, "{json}");
    }
}

#[test]
fn words_are_whatever_has_a_text() {
    let cases = [
        ("\"none\"", Some("none")),
        ("50", Some("50")),
        ("0.5", Some("0.5")),
        ("true", Some("true")),
        ("\"\"", None),
        ("null", None),
        ("{}", None),
    ];
    for (json, expected) in cases {
        assert_eq!(scalar(json).word().as_deref(), expected, "{json}");
    }
}

#[test]
fn flags_may_be_texts_or_numbers() {
    let cases = [
        ("true", Some(true)),
        ("\"True\"", Some(true)),
        ("\"false\"", Some(false)),
        ("1", Some(true)),
        ("0", Some(false)),
        ("\"0\"", Some(false)),
        ("\"perhaps\"", None),
        ("null", None),
    ];
    for (json, expected) in cases {
        assert_eq!(scalar(json).flag(), expected, "{json}");
    }
}

#[test]
fn texts_may_be_numbers_and_empty_is_none() {
    assert_eq!(scalar("\"a\"").text(), Some("a".to_owned()));
    assert_eq!(scalar("4127").text(), Some("4127".to_owned()));
    assert_eq!(scalar("\"\"").text(), None);
    assert_eq!(scalar("[]").text(), None);
}
