//! Keeps the leases of all running jobs alive, in one statement per beat.

use crate::Worker;
use domain::ids::JobId;
use domain::limits;
use std::collections::HashMap;

impl Worker {
    /// Beats until the task is aborted.
    pub(crate) async fn keep_leases(self) {
        loop {
            self.clock.sleep(limits::JOB_HEARTBEAT).await;
            self.beat().await;
        }
    }

    pub(crate) async fn beat(&self) {
        let runs = self.active.list();
        if runs.is_empty() {
            return;
        }
        let sent_at = self.clock.instant();
        let jobs: Vec<JobId> = runs.iter().map(|run| run.hold.job_id).collect();
        match self.job_queue.renew_leases(self.process_id, &jobs).await {
            Ok(held) => {
                let held: HashMap<JobId, i64> = held.into_iter().collect();
                for run in runs.iter().filter(|run| run.claimed_at < sent_at) {
                    if held.get(&run.hold.job_id) == Some(&run.hold.fence) {
                        run.lease.renewed_until(sent_at.plus(limits::JOB_LEASE));
                    } else if self.active.is_current(&run.hold) {
                        run.lease.lose();
                    }
                }
            }
            // No answer renews nothing: what is left of a lease runs out, and no mutation is sent
            // when too little of it is left.
            Err(error) => tracing::warn!(error = %error, "leases could not be renewed"),
        }
    }
}
