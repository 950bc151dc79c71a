//! Who gets the writer next: workers before people, but people are never passed over for ever.

use super::writer::WriterLease;
use domain::ports::StoreError;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

#[cfg(test)]
mod tests;

/// After so many workers in a row, somebody interactive goes first. Workers hold leases and turns
/// that others wait for, so they come first; a full worker lane must still not lock people out.
const WORKERS_IN_A_ROW_MAX: u32 = 16;

/// A wish for the writer.
pub(super) struct Request {
    pub(super) grant: oneshot::Sender<Result<WriterLease, StoreError>>,
}

/// The two lanes.
pub(super) struct Lanes {
    workers: mpsc::Receiver<Request>,
    interactive: mpsc::Receiver<Request>,
    workers_in_a_row: u32,
    stop: CancellationToken,
}

impl Lanes {
    pub(super) fn new(
        workers: mpsc::Receiver<Request>,
        interactive: mpsc::Receiver<Request>,
        stop: CancellationToken,
    ) -> Self {
        Self {
            workers,
            interactive,
            workers_in_a_row: 0,
            stop,
        }
    }

    /// The next request, or `None` when the store closes.
    pub(super) async fn next(&mut self) -> Option<Request> {
        loop {
            if let Some(request) = self.next_waiting() {
                return Some(request);
            }
            let request = tokio::select! {
                biased;
                () = self.stop.cancelled() => None,
                request = self.workers.recv() => request,
                request = self.interactive.recv() => request,
            }?;
            if !request.grant.is_closed() {
                return Some(request);
            }
        }
    }

    /// The next request of those that wait already and have not given up.
    pub(super) fn next_waiting(&mut self) -> Option<Request> {
        if self.workers_in_a_row >= WORKERS_IN_A_ROW_MAX
            && let Some(request) = live(&mut self.interactive)
        {
            self.workers_in_a_row = 0;
            return Some(request);
        }
        if let Some(request) = live(&mut self.workers) {
            self.workers_in_a_row = self.workers_in_a_row.saturating_add(1);
            return Some(request);
        }
        self.workers_in_a_row = 0;
        live(&mut self.interactive)
    }
}

fn live(lane: &mut mpsc::Receiver<Request>) -> Option<Request> {
    std::iter::from_fn(|| lane.try_recv().ok()).find(|request| !request.grant.is_closed())
}
