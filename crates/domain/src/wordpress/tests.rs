use super::{ArgumentText, SearchReplace};

fn text(text: &str) -> ArgumentText {
    ArgumentText::parse(text).expect("valid")
}

#[test]
fn nothing_that_starts_with_a_hyphen_is_an_argument() {
    for option in [
        "-",
        "--exec=phpinfo()",
        "--path=/",
        "-h",
        "--ssh=a@b.example.com",
    ] {
        let error = ArgumentText::parse(option).expect_err(option);
        assert!(error.rule().contains("hyphen"), "{option}: {error}");
    }
    assert_eq!(text("a --exec=b").as_str(), "a --exec=b");
}

#[test]
fn control_characters_and_long_texts_are_refused() {
    for bad in ["a\0b", "a\nb", "a\u{7f}"] {
        let error = ArgumentText::parse(bad).expect_err("refused");
        assert!(error.rule().contains("control"), "{error}");
    }
    assert!(ArgumentText::parse(&"x".repeat(1024)).is_ok());
    assert!(ArgumentText::parse(&"x".repeat(1025)).is_err());
}

#[test]
fn there_is_something_to_search_for_and_something_else_to_put_there() {
    let both = |search, replacement| SearchReplace::new(text(search), text(replacement));
    assert!(both("old.example.com", "new.example.com").is_ok());
    assert!(both("old.example.com", "").is_ok(), "removal");
    assert!(both("", "new.example.com").is_err());
    assert!(both("same", "same").is_err());
}
