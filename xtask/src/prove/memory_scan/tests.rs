use super::*;

#[test]
fn the_counts_of_every_way_to_run_the_server_are_kept() {
    let printed = "test memory::one ... memory-scan-counts: {\"one\":{\"ours\":0}}\nok\n\
                   memory-scan-counts: {\"two\":{\"ours\":1}}\ntest memory::two ... FAILED\n";
    let counts = counts_in(printed);
    assert_eq!(counts.keys().collect::<Vec<_>>(), ["one", "two"]);
    assert_eq!(counts["two"]["ours"], 1);
    assert!(counts_in("test memory::one ... ok").is_empty());
}
