use super::*;

#[test]
fn the_counts_of_every_test_are_kept() {
    let printed = "test memory::one ... memory-scan-counts: {\"one\":{\"ours\":0}}\nok\n\
                   memory-scan-counts: {\"two\":{\"ours\":1}}\ntest memory::two ... FAILED\n";
    let counts = behind("memory-scan-counts: ", printed);
    assert_eq!(counts.keys().collect::<Vec<_>>(), ["one", "two"]);
    assert_eq!(counts["two"]["ours"], 1);
    assert!(behind("memory-scan-counts: ", "test memory::one ... ok").is_empty());
}
