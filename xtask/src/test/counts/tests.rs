use super::Counts;

fn count(lines: &[&str]) -> String {
    let mut counts = Counts::default();
    for line in lines {
        counts.listen(line);
    }
    counts.to_string()
}

#[test]
fn the_summary_of_nextest_is_understood() {
    let line = "     Summary [   4.894s] 30 tests run: 28 passed (2 slow), 1 failed, 1 timed out, 7 skipped";
    assert_eq!(
        count(&["PASS [ 0.1s] (1/30) testkit x", line]),
        "28 passed, 2 failed, 7 skipped"
    );
}

#[test]
fn the_results_of_cargos_own_runner_add_up() {
    let lines = [
        "running 3 tests",
        "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 1 filtered out; finished in 0.00s",
        "test result: FAILED. 1 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.0s",
    ];
    assert_eq!(count(&lines), "4 passed, 2 failed, 2 skipped");
}

#[test]
fn what_a_test_prints_is_not_counted() {
    assert_eq!(
        count(&["3 passed through here", "  Summary: 4 failed"]),
        "0 passed, 0 failed, 0 skipped"
    );
}

#[test]
fn the_output_of_a_failed_test_is_not_counted_again() {
    let lines = [
        "    test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 121 filtered out",
        "     Summary [ 177.100s] 3 tests run: 2 passed, 1 failed, 0 skipped",
    ];
    assert_eq!(count(&lines), "2 passed, 1 failed, 0 skipped");
}
