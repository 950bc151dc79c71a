use super::counts_in;
use serde_json::json;

#[test]
fn counts_are_read_from_among_what_the_runner_says() {
    let printed =
        "running 1 test\ntest a ... quoting-counts: {\"texts\":4,\"sh_mismatches\":0}\nok\n";
    let counts = counts_in(printed).unwrap();
    assert_eq!(counts["texts"], json!(4));
    assert_eq!(counts["sh_mismatches"], json!(0));
}

#[test]
fn without_counts_there_is_no_proof() {
    assert_eq!(counts_in("running 0 tests\n"), None);
    assert_eq!(counts_in("quoting-counts: soon\n"), None);
}
