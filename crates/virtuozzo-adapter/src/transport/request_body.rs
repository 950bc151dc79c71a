//! The body of a request that knows whether any of it has left. It is handed over in pieces, and not
//! one piece goes once the send window has closed.

use bytes::Bytes;
use domain::crash_point;
use domain::ports::{Clock, Instant};
use hyper::body::{Body, Frame, SizeHint};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use tokio::sync::Notify;

#[cfg(test)]
mod tests;

/// Small pieces, so that little of a large body waits in the client's buffer.
const PIECE_BYTES: usize = 4 * 1024;

/// How far the body has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Handover {
    /// Nothing was taken.
    Untouched,
    /// Some was taken.
    Partial,
    /// All of it was taken.
    Complete,
}

#[derive(Debug, Clone, Copy)]
struct Progress {
    handover: Handover,
    is_closed: bool,
}

/// Watches one body from outside.
pub(super) struct SendWatch {
    progress: Mutex<Progress>,
    completed: Notify,
}

impl SendWatch {
    /// Returns when the whole body has been taken. Cancel-safe.
    pub(super) async fn completed(&self) {
        self.completed.notified().await;
    }

    /// Lets nothing more leave, and tells what has. The two are one step: what was reported as
    /// untouched stays untouched.
    pub(super) fn close(&self) -> Handover {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        progress.is_closed = true;
        progress.handover
    }
}

/// The send window closed.
#[derive(Debug, thiserror::Error)]
#[error("the send window closed")]
pub(super) struct WindowClosed;

/// The body.
pub(super) struct WatchedBody {
    rest: Bytes,
    send_by: Instant,
    clock: Arc<dyn Clock>,
    watch: Arc<SendWatch>,
}

impl WatchedBody {
    pub(super) fn new(
        body: Bytes,
        send_by: Instant,
        clock: Arc<dyn Clock>,
    ) -> (Self, Arc<SendWatch>) {
        let progress = Progress {
            handover: Handover::Untouched,
            is_closed: false,
        };
        let watch = Arc::new(SendWatch {
            progress: Mutex::new(progress),
            completed: Notify::new(),
        });
        let watched = Self {
            rest: body,
            send_by,
            clock,
            watch: Arc::clone(&watch),
        };
        (watched, watch)
    }
}

impl Body for WatchedBody {
    type Data = Bytes;
    type Error = WindowClosed;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, WindowClosed>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let is_late = self.clock.instant() >= self.send_by;
        let watch = Arc::clone(&self.watch);
        let mut progress = watch
            .progress
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if is_late || progress.is_closed {
            progress.is_closed = true;
            return Poll::Ready(Some(Err(WindowClosed)));
        }
        crash_point::pass_write();
        let length = self.rest.len().min(PIECE_BYTES);
        let piece = self.rest.split_to(length);
        progress.handover = if self.rest.is_empty() {
            watch.completed.notify_one();
            Handover::Complete
        } else {
            Handover::Partial
        };
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}
