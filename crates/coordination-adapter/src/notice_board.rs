//! Change notices inside one process. It knows nothing of other processes.

use async_trait::async_trait;
use domain::ids::{JobId, TeamId};
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
    async fn next_about(&mut self, is_wanted: impl Fn(&JobChanged) -> bool + Send) {
        loop {
            match self.notices.recv().await {
                Ok(Notice::Job(notice)) if !is_wanted(&notice) => {}
                Ok(_) | Err(RecvError::Lagged(_)) => return,
                // The board is gone, so nothing comes any more; the caller's time limit ends this.
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    }

    /// Running out of time is an answer like any other: the caller reads the rows.
    async fn next_within(
        &mut self,
        at_most: Duration,
        is_wanted: impl Fn(&JobChanged) -> bool + Send,
    ) {
        let next = self.next_about(is_wanted);
        if tokio::time::timeout(at_most, next).await.is_ok() {
            self.skip_waiting();
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
        self.next_within(at_most, |notice| notice.job_id == job)
            .await;
    }

    async fn team_changed(&mut self, team: TeamId, at_most: Duration) {
        self.next_within(at_most, |notice| notice.team_id == team)
            .await;
    }
}
