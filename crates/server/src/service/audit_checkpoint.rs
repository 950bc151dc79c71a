//! Once a minute the state of all audit trails goes to the log, where who changes the database cannot
//! change it.

use application::audit::CheckpointAuditTrails;
use std::fmt::Write as _;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How much can be cut off the ends of trails, together with the rows that count them, without showing.
const INTERVAL: Duration = Duration::from_mins(1);

/// Writes checkpoints until `shutdown`, the first one at once.
pub(super) async fn write_checkpoints(
    use_case: CheckpointAuditTrails,
    shutdown: CancellationToken,
) {
    loop {
        write_one(&use_case).await;
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

async fn write_one(use_case: &CheckpointAuditTrails) {
    match use_case.run().await {
        Ok(checkpoint) => {
            let digest = checkpoint.seal.mac.iter().fold(
                String::with_capacity(checkpoint.seal.mac.len() * 2),
                |mut text, byte| {
                    write!(text, "{byte:02x}").expect("a String takes every text");
                    text
                },
            );
            tracing::info!(
                trails = checkpoint.trails,
                lines = checkpoint.lines,
                key_id = checkpoint.seal.key_id,
                digest,
                "audit checkpoint"
            );
        }
        Err(error) => tracing::warn!(error = %error, "the audit trails could not be summed up"),
    }
}
