use super::is_allowed;

const ALLOWED: &[&str] = &["MIT", "Apache-2.0", "Unicode-3.0"];

#[test]
fn one_allowed_choice_is_enough() {
    for expression in [
        "MIT",
        "GPL-3.0 OR MIT",
        "MIT/GPL-3.0",
        "Apache-2.0 WITH LLVM-exception",
    ] {
        assert!(is_allowed(expression, ALLOWED), "{expression}");
    }
}

#[test]
fn every_part_has_to_be_allowed() {
    assert!(is_allowed("(GPL-3.0 OR MIT) AND Unicode-3.0", ALLOWED));
    assert!(!is_allowed("(GPL-3.0 OR MIT) AND OpenSSL", ALLOWED));
    assert!(!is_allowed("MIT AND GPL-3.0 OR GPL-2.0", ALLOWED));
    assert!(is_allowed("MIT OR GPL-3.0 AND GPL-2.0", ALLOWED));
}

#[test]
fn what_cannot_be_read_is_not_allowed() {
    for expression in ["", "MIT OR", "(MIT", "MIT)", "MIT MIT", "AND"] {
        assert!(!is_allowed(expression, ALLOWED), "{expression}");
    }
}
