use super::Exceptions;
use crate::tidy::Finding;

fn finding(path: &str) -> Finding {
    Finding {
        path: path.to_owned(),
        rule: "length",
        detail: "too long".to_owned(),
    }
}

#[test]
fn an_exception_silences_its_rule_for_its_file_only() {
    let exceptions = Exceptions::parse("# comment\n\na.rs | length | one table\n");
    let left = exceptions.apply(vec![finding("a.rs"), finding("b.rs")]);
    assert_eq!(left, ["b.rs: too long [length]"]);
}

#[test]
fn an_exception_that_is_not_needed_or_has_no_reason_is_found() {
    let exceptions = Exceptions::parse("a.rs | length | one table\nb.rs | length |");
    let left = exceptions.apply(vec![finding("b.rs")]);
    assert_eq!(
        left,
        [
            "b.rs: too long [length]",
            "a.rs: the exception from `length` is not needed",
            "an exception is `path | rule | reason`, not `b.rs | length |`",
        ]
    );
}
