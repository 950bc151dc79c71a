//! Writes down what was refused, beside the requests.

use application::refusals::RefusalRecorder;
use std::sync::Arc;
use std::time::Duration;
use telemetry::names::metrics::AUDIT_REFUSALS_DROPPED;
use tokio_util::sync::CancellationToken;

/// How long a refusal waits at most before it is written: short, so that whoever looks sees it.
const FLUSH_INTERVAL: Duration = Duration::from_millis(500);

/// Writes refusals until `shutdown`, then what is left. Ends when the API has ended: `shutdown` is
/// cancelled after its last answer.
pub async fn write_refusals(recorder: Arc<RefusalRecorder>, shutdown: CancellationToken) {
    loop {
        let is_last = tokio::select! {
            () = shutdown.cancelled() => true,
            () = tokio::time::sleep(FLUSH_INTERVAL) => false,
        };
        let dropped = recorder.flush(is_last).await;
        metrics::counter!(AUDIT_REFUSALS_DROPPED).increment(dropped);
        if is_last {
            return;
        }
    }
}
