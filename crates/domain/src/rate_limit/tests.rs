use super::{RatePolicy, RateScope};
use std::num::NonZeroU32;
use std::time::Duration;

const fn milliseconds(number: u64) -> Duration {
    Duration::from_millis(number)
}

/// So many in a minute.
fn policy(quota: u32) -> RatePolicy {
    RatePolicy {
        scope: RateScope::Team,
        quota: NonZeroU32::new(quota).unwrap(),
        window: milliseconds(60_000),
    }
}

#[test]
fn a_fresh_subject_has_its_whole_quota_at_once_and_not_one_more() {
    let policy = policy(6);
    let mut full_after = Duration::ZERO;
    for left in (0..6).rev() {
        assert!(policy.has_room(full_after));
        full_after += policy.interval();
        assert_eq!(policy.counted(full_after).remaining, left);
    }
    assert!(!policy.has_room(full_after));
    let refused = policy.not_counted(full_after);
    assert_eq!(refused.remaining, 0);
    assert_eq!(refused.retry_after, Some(milliseconds(10_000)));
}

#[test]
fn a_quota_that_does_not_divide_the_window_is_not_exceeded() {
    let policy = policy(7);
    let mut full_after = Duration::ZERO;
    let mut counted = 0;
    while policy.has_room(full_after) {
        full_after += policy.interval();
        counted += 1;
    }
    assert_eq!(counted, 7);
}

#[test]
fn one_comes_back_after_each_interval() {
    let policy = policy(60);
    assert!(!policy.has_room(milliseconds(60_000)));
    assert!(!policy.has_room(milliseconds(59_001)));
    assert!(policy.has_room(milliseconds(59_000)));
    assert_eq!(policy.counted(milliseconds(57_000)).remaining, 3);
}

#[test]
fn who_waits_as_long_as_was_said_has_room() {
    let policy = policy(12);
    let refused = policy.not_counted(milliseconds(59_123));
    assert_eq!(refused.retry_after, Some(milliseconds(4_123)));
    assert!(policy.has_room(milliseconds(55_000)));
    assert!(!policy.has_room(milliseconds(55_001)));
    assert_eq!(policy.not_counted(Duration::ZERO).retry_after, None);
}

#[test]
fn a_share_is_a_part_and_never_nothing() {
    let two = NonZeroU32::new(2).unwrap();
    assert_eq!(policy(9).shared_by(two).quota.get(), 4);
    assert_eq!(policy(1).shared_by(two).quota.get(), 1);
    assert_eq!(policy(9).shared_by(two).window, policy(9).window);
}
