//! Rotation of keys in a running process: it follows the file of its key ring, and wraps anew what is
//! not under the active master key.

use super::sampling::real;
use application::UseCaseError;
use application::keys::rewrap::{RewrapCounts, RewrapKeys, RewrapOutcome};
use custody_adapter::{LiveKeyRing, Refreshed};
use std::sync::Arc;
use std::time::Duration;
use telemetry::error_chain::ErrorChain;
use telemetry::names::metrics as names;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How often the file is looked at: a change is in use within a second.
const LOOK_INTERVAL: Duration = Duration::from_millis(500);
/// When to look again for keys under another master key: a process that was slow to follow may have
/// stored one.
const REWRAP_INTERVAL: Duration = Duration::from_mins(1);
/// The same while other processes have not followed yet, or the store did not answer.
const REWRAP_RETRY: Duration = Duration::from_secs(2);

/// The background task of a process, whatever its role.
pub(super) struct KeyRotation {
    pub(super) ring: Arc<LiveKeyRing>,
    pub(super) rewrap: RewrapKeys,
}

impl KeyRotation {
    /// Goes on until the process stops.
    pub(super) async fn run(self, shutdown: CancellationToken) {
        let mut rewrap_at = Instant::now();
        let mut unreadable = 0;
        loop {
            if self.follow().await {
                rewrap_at = Instant::now();
            }
            if Instant::now() >= rewrap_at {
                let outcome = self.rewrap.run().await;
                rewrap_at = Instant::now() + pause_after(&outcome);
                tell(outcome, &mut unreadable);
            }
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(LOOK_INTERVAL) => {}
            }
        }
    }

    /// Whether there is another ring now.
    async fn follow(&self) -> bool {
        let ring = Arc::clone(&self.ring);
        let refreshed = tokio::task::spawn_blocking(move || ring.refresh()).await;
        match refreshed {
            Ok(Refreshed::Exchanged) => {
                tracing::info!("the key ring was exchanged");
                true
            }
            Ok(Refreshed::Kept(error)) => {
                metrics::counter!(names::KEY_RINGS_REFUSED).increment(1);
                tracing::error!(error = %ErrorChain(&error), "the changed key ring cannot be used; the one from before stays in use");
                false
            }
            Ok(Refreshed::Unchanged) | Err(_) => false,
        }
    }
}

fn pause_after(outcome: &Result<RewrapOutcome, UseCaseError>) -> Duration {
    match outcome {
        Ok(RewrapOutcome::Done(_)) => REWRAP_INTERVAL,
        Ok(RewrapOutcome::Disagreement(_)) | Err(_) => REWRAP_RETRY,
    }
}

/// Keys that cannot be opened are said when their number changes, not once a minute.
fn tell(outcome: Result<RewrapOutcome, UseCaseError>, unreadable_before: &mut u64) {
    match outcome {
        Ok(RewrapOutcome::Done(RewrapCounts {
            rewrapped,
            unreadable,
        })) => {
            metrics::gauge!(names::KEYS_UNREADABLE).set(real(unreadable));
            metrics::gauge!(names::KEY_PROCESSES_BEHIND).set(0.0);
            if rewrapped > 0 {
                tracing::info!(
                    count = rewrapped,
                    "keys were wrapped anew under the active master key"
                );
            }
            if unreadable > 0 && unreadable != *unreadable_before {
                tracing::error!(
                    count = unreadable,
                    "keys cannot be opened: a master key is missing from the key ring"
                );
            }
            *unreadable_before = unreadable;
        }
        Ok(RewrapOutcome::Disagreement(processes)) => {
            metrics::gauge!(names::KEY_PROCESSES_BEHIND).set(real(processes));
            tracing::debug!(
                count = processes,
                "other processes use another master key; keys are not wrapped anew"
            );
        }
        Err(error) => {
            tracing::warn!(error = %ErrorChain(&error), "keys could not be wrapped anew; tried again soon");
        }
    }
}
