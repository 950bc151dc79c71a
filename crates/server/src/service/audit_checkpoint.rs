//! Once a minute the state of all audit trails goes to the log, where who changes the database cannot
//! change it.

use application::audit::CheckpointAuditTrails;
use std::fmt::Write as _;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

#[cfg(test)]
mod tests;

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
            let digest = in_groups(&checkpoint.seal.mac);
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

/// Hexadecimal digits in groups of eight: a longer run looks like a key, and what looks like one is not
/// written into the log.
fn in_groups(mac: &[u8]) -> String {
    let mut text = String::with_capacity(mac.len() * 9 / 4 + 1);
    for (position, byte) in mac.iter().enumerate() {
        if position > 0 && position % 4 == 0 {
            text.push('-');
        }
        write!(text, "{byte:02x}").expect("a String takes every text");
    }
    text
}
