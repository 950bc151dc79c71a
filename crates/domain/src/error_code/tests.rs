use super::ErrorCode;
use std::collections::BTreeSet;

#[test]
fn codes_are_unique_kebab_case_and_explained() {
    let mut seen = BTreeSet::new();
    for code in ErrorCode::ALL {
        assert!(seen.insert(code.as_str()), "{} twice", code.as_str());
        assert!(
            code.as_str()
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b == b'-')
        );
        assert!(
            code.meaning().ends_with('.'),
            "{}: {:?}",
            code.as_str(),
            code.meaning()
        );
        assert_eq!(ErrorCode::parse(code.as_str()), Some(*code));
    }
    assert_eq!(ErrorCode::parse("no-such-code"), None);
}
