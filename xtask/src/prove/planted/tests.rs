use super::*;
use std::collections::BTreeSet;

#[test]
fn every_fault_of_the_domain_has_a_row_and_every_row_a_fault() {
    let source = workspace::read(&workspace::root().join("crates/domain/src/planted.rs"));
    let source = source.expect("the module of faults");
    let in_domain: BTreeSet<_> = source
        .split('"')
        .filter(|text| text.starts_with("planted-") && !text.contains(char::is_whitespace))
        .collect();
    let in_table: BTreeSet<_> = FAULTS.iter().map(|planted| planted.fault).collect();
    assert_eq!(in_domain, in_table);
    assert!(source.contains(&format!("\"{VARIABLE}\"")));
}

#[test]
fn a_test_has_failed_only_when_the_runner_says_so() {
    let mut outcomes = Outcomes::default();
    for line in [
        "running 3 tests",
        "test one ... ok",
        "test two ... counted 1",
        "FAILED",
        "test three ... FAILED",
        "FAILED",
        "test result: FAILED. 1 passed; 2 failed",
    ] {
        outcomes.listen(line);
    }
    assert!(outcomes.has_passed("one") && !outcomes.has_failed("one"));
    assert!(outcomes.has_failed("two") && outcomes.has_failed("three"));
    assert!(!outcomes.has_passed("four") && !outcomes.has_failed("four"));
}

#[test]
fn a_name_inside_a_program_is_found() {
    let program = b"\x7fELF\0planted-scope-ignored\0";
    assert!(holds(program, b"planted-scope-ignored"));
    assert!(!holds(program, b"planted-csrf-ignored"));
}
