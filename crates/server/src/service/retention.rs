//! Removes what is old, in a process that works on jobs.

use application::retention::PurgeOldData;
use domain::ports::Perishable;
use std::time::Duration;
use telemetry::error_chain::ErrorChain;
use tokio_util::sync::CancellationToken;

#[cfg(test)]
mod tests;

/// How often it is looked for.
const INTERVAL: Duration = Duration::from_hours(1);
/// Between two batches, so that whoever else writes gets in between.
const BREATH: Duration = Duration::from_millis(100);

/// Goes on until the process stops. Several processes may do it at once.
pub(super) async fn purge_old_data(purge: PurgeOldData, shutdown: CancellationToken) {
    loop {
        for what in Perishable::ALL {
            match purge_all(&purge, what, &shutdown).await {
                Ok(0) => {}
                Ok(count) => tracing::info!(what = what.as_str(), count, "old data was removed"),
                Err(error) => {
                    tracing::warn!(what = what.as_str(), error = %ErrorChain(&error), "old data cannot be removed just now");
                }
            }
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

async fn purge_all(
    purge: &PurgeOldData,
    what: Perishable,
    shutdown: &CancellationToken,
) -> Result<u64, application::UseCaseError> {
    let mut total = 0;
    while !shutdown.is_cancelled() {
        let count = purge.purge_batch(what).await?;
        total += count;
        if count == 0 {
            break;
        }
        tokio::time::sleep(BREATH).await;
    }
    Ok(total)
}
