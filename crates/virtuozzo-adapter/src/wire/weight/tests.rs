use super::*;

#[test]
fn what_stands_in_texts_does_not_count() {
    let text = r#"{"a":"{[,\"{[,\\","b":[1,2]}"#;
    let many = format!("[{}1]", format!("{text},").repeat(20_000));
    assert!(
        !is_excessive(many.as_bytes()),
        "40,000 containers, 80,000 values"
    );
}

#[test]
fn many_empty_things_are_excessive() {
    let list = |element: &str, count: usize| format!("[{}1]", element.repeat(count));
    assert!(!is_excessive(list("{},", 49_999).as_bytes()));
    assert!(is_excessive(list("{},", 50_000).as_bytes()));
    assert!(is_excessive(list("[],", 50_000).as_bytes()));
    assert!(!is_excessive(list("1,", 400_000).as_bytes()));
    assert!(is_excessive(list("1,", 400_001).as_bytes()));
}
