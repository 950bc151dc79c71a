use super::*;
use domain::ports::MockClock;
use futures::FutureExt;
use http_body_util::BodyExt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

fn clock(now: &Arc<AtomicU64>) -> Arc<dyn Clock> {
    let now = Arc::clone(now);
    let mut clock = MockClock::new();
    clock
        .expect_instant()
        .returning(move || Instant(Duration::from_secs(now.load(Ordering::SeqCst))));
    Arc::new(clock)
}

fn body(length: usize) -> (WatchedBody, Arc<SendWatch>, Arc<AtomicU64>) {
    let now = Arc::new(AtomicU64::new(0));
    let send_by = Instant(Duration::from_secs(3));
    let (body, watch) = WatchedBody::new(Bytes::from(vec![b'x'; length]), send_by, clock(&now));
    (body, watch, now)
}

#[test]
fn all_of_it_leaves_inside_the_window() {
    let (body, watch, _) = body(10_000);
    assert_eq!(body.size_hint().exact(), Some(10_000));
    assert!(watch.completed().now_or_never().is_none());
    let sent = body.collect().now_or_never().unwrap().unwrap().to_bytes();
    assert_eq!(sent.len(), 10_000);
    assert!(watch.completed().now_or_never().is_some());
    assert_eq!(watch.close(), Handover::Complete);
}

#[test]
fn nothing_leaves_after_the_window() {
    let (mut body, watch, now) = body(10_000);
    now.store(3, Ordering::SeqCst);
    assert!(body.frame().now_or_never().unwrap().unwrap().is_err());
    assert_eq!(watch.close(), Handover::Untouched);
}

#[test]
fn the_rest_does_not_leave_after_the_window() {
    let (mut body, watch, now) = body(10_000);
    assert!(body.frame().now_or_never().unwrap().unwrap().is_ok());
    now.store(3, Ordering::SeqCst);
    assert!(body.frame().now_or_never().unwrap().unwrap().is_err());
    assert_eq!(watch.close(), Handover::Partial);
    assert!(watch.completed().now_or_never().is_none());
}

#[test]
fn what_was_reported_as_untouched_stays_untouched() {
    let (mut body, watch, _) = body(10);
    assert_eq!(watch.close(), Handover::Untouched);
    assert!(body.frame().now_or_never().unwrap().unwrap().is_err());
    assert_eq!(watch.close(), Handover::Untouched);
}
