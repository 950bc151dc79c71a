//! Change notices inside one process. It knows nothing of other processes.

use async_trait::async_trait;
use domain::ids::JobId;
use domain::ports::{EventSubscription, JobChanged};
use std::time::Duration;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

#[cfg(test)]
mod tests;

/// Notices that a slow listener may fall behind; then it is woken without knowing why.
const NOTICES_KEPT_MAX: usize = 1_024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Notice {
    Job(JobChanged),
    /// Any job may have changed: notices were lost on their way.
    SomeWereLost,
}

/// Hands notices to every listener of this process.
pub(crate) struct NoticeBoard {
    notices: broadcast::Sender<Notice>,
}

impl NoticeBoard {
    pub(crate) fn new() -> Self {
        Self {
            notices: broadcast::Sender::new(NOTICES_KEPT_MAX),
        }
    }

    pub(crate) fn post(&self, notice: JobChanged) {
        self.send(Notice::Job(notice));
    }

    /// Wakes every listener once.
    pub(crate) fn post_some_were_lost(&self) {
        self.send(Notice::SomeWereLost);
    }

    fn send(&self, notice: Notice) {
        // Fails only when nobody listens, which is not a failure.
        drop(self.notices.send(notice));
    }

    pub(crate) fn subscribe(&self) -> Box<dyn EventSubscription> {
        Box::new(Listener {
            notices: self.notices.subscribe(),
        })
    }
}

struct Listener {
    notices: broadcast::Receiver<Notice>,
}

impl Listener {
    async fn next_about(&mut self, job: JobId) {
        loop {
            match self.notices.recv().await {
                Ok(Notice::Job(notice)) if notice.job_id != job => {}
                Ok(_) | Err(RecvError::Lagged(_)) => return,
                // The board is gone, so nothing comes any more; the caller's time limit ends this.
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    }

    /// One look at the rows answers all notices that are here already.
    fn skip_waiting(&mut self) {
        while let Ok(_) | Err(TryRecvError::Lagged(_)) = self.notices.try_recv() {}
    }
}

#[async_trait]
impl EventSubscription for Listener {
    async fn changed(&mut self, job: JobId, at_most: Duration) {
        // Running out of time is an answer like any other: the caller reads the rows.
        if tokio::time::timeout(at_most, self.next_about(job))
            .await
            .is_ok()
        {
            self.skip_waiting();
        }
    }
}
