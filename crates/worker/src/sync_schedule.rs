//! Starts the syncs whose time has come.

use crate::Worker;
use std::time::Duration;

/// Looked at this often; intervals between syncs are minutes.
const SCHEDULE_POLL: Duration = Duration::from_secs(2);

impl Worker {
    /// Looks until the task is aborted. A store that does not answer is asked again at the next look.
    pub(crate) async fn keep_syncing(self) {
        let Some(due_syncs) = &self.due_syncs else {
            return;
        };
        loop {
            if let Err(error) = due_syncs.run().await {
                tracing::warn!(error = %error, "syncs could not be started; trying again");
            }
            self.clock.sleep(SCHEDULE_POLL).await;
        }
    }
}
