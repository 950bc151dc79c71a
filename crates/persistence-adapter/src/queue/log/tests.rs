use super::{JOB_LOG_MESSAGE_LENGTH_MAX, cut};

#[test]
fn a_long_message_is_cut_by_characters_and_marked() {
    let fits = "ä".repeat(JOB_LOG_MESSAGE_LENGTH_MAX);
    assert_eq!(cut(&fits), fits);
    let long = cut(&format!("{fits}b"));
    assert_eq!(long.chars().count(), JOB_LOG_MESSAGE_LENGTH_MAX);
    assert!(long.ends_with("ä…"));
}
