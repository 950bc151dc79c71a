//! The tasks of all connections: counted, so that the end can wait for them, and cut when they take
//! too long.

use hyper::rt::Executor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Spawns tasks; also those that hyper needs for the streams of an HTTP/2 connection.
#[derive(Clone, Default)]
pub(super) struct ConnectionTasks {
    pub(super) tracker: TaskTracker,
    /// Ends every task where it stands.
    pub(super) cut: CancellationToken,
}

impl ConnectionTasks {
    pub(super) fn spawn(&self, task: impl Future<Output: Send> + Send + 'static) {
        let cut = self.cut.clone();
        self.tracker.spawn(async move {
            tokio::select! {
                biased;
                () = cut.cancelled() => {}
                _ = task => {}
            }
        });
    }
}

impl<Task> Executor<Task> for ConnectionTasks
where
    Task: Future<Output: Send> + Send + 'static,
{
    fn execute(&self, task: Task) {
        self.spawn(task);
    }
}
