use super::in_groups;
use telemetry::redact::without_secrets;

#[test]
fn a_digest_reaches_the_log_as_it_is() {
    let mac: Vec<u8> = (0..32).map(|number| number * 7).collect();
    let digest = in_groups(&mac);
    assert_eq!(digest.len(), 64 + 7);
    assert!(digest.starts_with("00070e15-1c232a31-"), "{digest}");
    assert_eq!(without_secrets(&digest), digest);
}
