//! Being one of the processes that share a database: seen by the others, and refused when they could
//! not coordinate.

use super::{Role, StartError, sampling};
use crate::configuration::Configuration;
use custody_adapter::LiveKeyRing;
use domain::ids::ProcessId;
use domain::limits;
use domain::ports::{ProcessRegistry as _, RegisteredProcess};
use persistence_adapter::Database;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A process that was killed is seen as alive until its lease ends, three heartbeats at most.
const JOIN_PATIENCE: Duration = Duration::from_secs(8);
const JOIN_RETRY: Duration = Duration::from_millis(500);
/// The name, among the checks, of whether the store takes what is written: a full disk lets it be read still.
const STORE_WRITES: &str = "store_writes";

/// This process among the others.
pub(super) struct Membership {
    database: Database,
    process_id: ProcessId,
}

impl Membership {
    /// Registers, and keeps the registration alive. Without Redis a process must be alone.
    pub(super) async fn join(
        database: Database,
        process_id: ProcessId,
        role: Role,
        configuration: &Configuration,
        key_ring: &Arc<LiveKeyRing>,
        shutdown: &CancellationToken,
        tasks: &TaskTracker,
    ) -> Result<Self, StartError> {
        let process = RegisteredProcess {
            id: process_id,
            role: role.as_str().to_owned(),
            is_coordinated: configuration.redis_url.is_some(),
            key_ids: key_ring.published_key_ids(),
        };
        let give_up_at = Instant::now() + JOIN_PATIENCE;
        loop {
            let others = database.register(&process).await?;
            let may_coordinate =
                process.is_coordinated && others.iter().all(|other| other.is_coordinated);
            if others.is_empty() || may_coordinate || configuration.is_embedded() {
                break;
            }
            database.leave(process_id).await?;
            if Instant::now() >= give_up_at {
                return Err(StartError::NotAlone {
                    others: others.len(),
                });
            }
            tokio::time::sleep(JOIN_RETRY).await;
        }
        let key_ring = Arc::clone(key_ring);
        tasks.spawn(keep_alive(
            database.clone(),
            process_id,
            key_ring,
            shutdown.clone(),
        ));
        Ok(Self {
            database,
            process_id,
        })
    }

    /// Tells the others that this process is gone.
    pub(super) async fn leave(self) {
        if let Err(error) = self.database.leave(self.process_id).await {
            tracing::debug!(error = %error, "the registration runs out by itself");
        }
    }
}

/// Each renewal says which keys this process holds: they change while it runs.
async fn keep_alive(
    database: Database,
    process_id: ProcessId,
    key_ring: Arc<LiveKeyRing>,
    shutdown: CancellationToken,
) {
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(limits::JOB_HEARTBEAT) => {}
        }
        let key_ids = key_ring.published_key_ids();
        let renewed = database.renew(process_id, &key_ids).await;
        sampling::set_check(STORE_WRITES, renewed.is_ok());
        if let Err(error) = renewed {
            tracing::warn!(error = %error, "this process could not renew its registration");
        }
    }
}
