use super::*;
use std::collections::BTreeSet;

#[test]
fn no_two_calls_share_a_label_a_path_or_a_page() {
    let different = |text: fn(Endpoint) -> &'static str| {
        let texts: BTreeSet<&str> = Endpoint::ALL.iter().map(|it| text(*it)).collect();
        texts.len()
    };
    assert_eq!(different(Endpoint::label), Endpoint::ALL.len());
    assert_eq!(different(Endpoint::path), Endpoint::ALL.len());
    assert_eq!(different(Endpoint::anchor), Endpoint::ALL.len());
}
