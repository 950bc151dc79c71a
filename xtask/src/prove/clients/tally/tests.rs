use super::Tally;
use serde_json::json;

fn tally(lines: &[&str]) -> Tally {
    let mut tally = Tally::default();
    for line in lines {
        tally.read(line).unwrap();
    }
    tally
}

const CLIENT: &str = r#"{"package": "example", "version": "1.2"}"#;
const PASSED: &str = r#"{"call": "list", "outcome": "passed", "detail": ""}"#;
const REFUSED: &str = r#"{"call": "sign in", "outcome": "refused", "detail": "by GET"}"#;
const FAILED: &str = r#"{"call": "stop", "outcome": "failed", "detail": "2212"}"#;
const END: &str = r#"{"requests": 3}"#;

#[test]
fn refusals_are_no_part_of_the_calls_that_should_pass() {
    let tally = tally(&[CLIENT, PASSED, REFUSED, PASSED, END]);
    assert!(tally.findings().is_empty());
    assert_eq!(
        tally.summary(),
        json!({"package": "example", "version": "1.2", "passed": "2/2", "requests": 3,
            "refused_as_expected": [{"call": "sign in", "reason": "by GET"}]})
    );
}

#[test]
fn a_failed_call_is_a_finding() {
    let tally = tally(&[CLIENT, PASSED, FAILED, END]);
    assert_eq!((tally.passed(), tally.calls()), (1, 2));
    assert_eq!(tally.findings(), ["example: stop: 2212"]);
}

#[test]
fn a_driver_that_stops_early_is_a_finding() {
    assert_eq!(tally(&[CLIENT, PASSED]).findings().len(), 1);
    assert_eq!(tally(&[CLIENT, END]).findings().len(), 1);
}

#[test]
fn progress_is_about_the_last_call() {
    let mut tally = tally(&[CLIENT]);
    assert_eq!(tally.progress(), None);
    tally.read(REFUSED).unwrap();
    let expected = "example: sign in: refused, as it should be: by GET";
    assert_eq!(tally.progress().as_deref(), Some(expected));
    tally.read(END).unwrap();
    assert_eq!(tally.progress(), None);
}

#[test]
fn other_lines_are_named() {
    let error = Tally::default().read("Traceback").unwrap_err().to_string();
    assert!(error.contains("Traceback"), "{error}");
}
