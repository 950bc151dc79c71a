use super::*;
use futures::FutureExt;
use hyper::body::{Frame, SizeHint};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;
use testkit::clocks::ManualClock;

const RATE: AnswerRate = AnswerRate {
    bytes_per_second_min: 100,
    measured_over: Duration::from_secs(2),
};

/// A body whose pieces come when the test says so; the empty one ends it.
#[derive(Clone, Default)]
struct Line(Arc<Mutex<VecDeque<Bytes>>>);

impl Line {
    fn bring(&self, length: usize) {
        let piece = Bytes::from(vec![b'x'; length]);
        self.0.lock().unwrap().push_back(piece);
    }
}

impl Body for Line {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.0.lock().unwrap().pop_front() {
            None => Poll::Pending,
            Some(piece) if piece.is_empty() => Poll::Ready(None),
            Some(piece) => Poll::Ready(Some(Ok(Frame::data(piece)))),
        }
    }
}

#[test]
fn pieces_become_one_whole() {
    let line = Line::default();
    for length in [1, 100_000, 7, 0] {
        line.bring(length);
    }
    let whole = read_whole(line, RATE, &ManualClock::new()).now_or_never();
    assert_eq!(whole.unwrap().unwrap(), vec![b'x'; 100_008]);
}

#[test]
fn a_body_that_trickles_is_given_up() {
    let (line, clock) = (Line::default(), ManualClock::new());
    let mut reading = std::pin::pin!(read_whole(line.clone(), RATE, &clock));
    // Waiting for the first piece is waiting for the answer, whose deadline is another.
    assert!(reading.as_mut().now_or_never().is_none());
    clock.advance(Duration::from_hours(1));
    assert!(reading.as_mut().now_or_never().is_none());
    line.bring(1);
    assert!(reading.as_mut().now_or_never().is_none());
    for _ in 0..3 {
        line.bring(200);
        clock.advance(Duration::from_secs(2));
        assert!(reading.as_mut().now_or_never().is_none(), "fast enough");
    }
    line.bring(199);
    clock.advance(Duration::from_secs(2));
    let ended = reading.as_mut().now_or_never();
    assert_eq!(ended, Some(Err(DoubtCause::AnswerTooSlow)));
}

#[test]
fn without_a_minimum_every_body_may_trickle() {
    let (line, clock) = (Line::default(), ManualClock::new());
    let rate = AnswerRate {
        bytes_per_second_min: 0,
        ..RATE
    };
    let mut reading = std::pin::pin!(read_whole(line.clone(), rate, &clock));
    line.bring(1);
    for _ in 0..10 {
        assert!(reading.as_mut().now_or_never().is_none());
        clock.advance(Duration::from_hours(1));
    }
    line.bring(0);
    assert!(matches!(reading.as_mut().now_or_never(), Some(Ok(_))));
}

#[test]
fn a_body_of_the_largest_size_is_read_and_one_byte_more_is_not() {
    for (extra, is_read) in [(0, true), (1, false)] {
        let line = Line::default();
        for length in [BODY_BYTES_MAX - 1, 1 + extra, 0] {
            if length > 0 || is_read {
                line.bring(length);
            }
        }
        let ended = read_whole(line, RATE, &ManualClock::new()).now_or_never();
        match ended.unwrap() {
            Ok(whole) => assert!(is_read && whole.len() == BODY_BYTES_MAX),
            Err(cause) => assert!(!is_read && cause == DoubtCause::AnswerTooLarge),
        }
    }
}

/// Says how much it is and never brings any of it.
struct Announced(u64);

impl Body for Announced {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0)
    }
}

#[test]
fn what_announces_too_much_is_not_waited_for() {
    let clock = ManualClock::new();
    let cap = BODY_BYTES_MAX as u64;
    let ended = read_whole(Announced(cap + 1), RATE, &clock).now_or_never();
    assert_eq!(ended, Some(Err(DoubtCause::AnswerTooLarge)));
    let ended = read_whole(Announced(cap), RATE, &clock).now_or_never();
    assert_eq!(ended, None);
}
