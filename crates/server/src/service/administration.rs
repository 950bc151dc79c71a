//! What `windlass admin` works on: the store and the keys, and nothing that serves.

use super::{StartError, store};
use crate::configuration::Configuration;
use crate::system::{SystemClock, SystemIds};
use application::audit::VerifyAuditTrails;
use application::retention::PurgeOldData;
use application::{CredentialCustody, JobAcceptance};
use coordination_adapter::LocalCoordination;
use custody_adapter::{AuditChain, EnvelopeVault, LiveKeyRing, TokenForge};
use domain::ports::{
    AuditSealer, Clock, IdSource, JobQueue, NoObserver, ReadModel, RetentionStore, TokenHasher,
    UnitOfWork,
};
use persistence_adapter::OpenError;
use std::sync::Arc;

/// The ports of administration.
pub struct AdministrationStore {
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// The reads.
    pub read_model: Arc<dyn ReadModel>,
    /// The journals of jobs.
    pub job_queue: Arc<dyn JobQueue>,
    /// Opens what jobs keep sealed.
    pub custody: CredentialCustody,
    /// Makes tokens.
    pub token_hasher: Arc<dyn TokenHasher>,
    /// Identifiers.
    pub ids: Arc<dyn IdSource>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// What has grown old.
    pub retention: Arc<dyn RetentionStore>,
}

impl AdministrationStore {
    /// Removing what is old.
    pub fn purge(&self, configuration: &Configuration) -> PurgeOldData {
        PurgeOldData {
            store: Arc::clone(&self.retention),
            jobs_kept: configuration.jobs_kept,
            events_kept: configuration.events_kept,
        }
    }

    /// Accepting jobs. Workers of other processes are not woken: they look by themselves.
    pub fn acceptance(&self, configuration: &Configuration) -> JobAcceptance {
        JobAcceptance {
            unit_of_work: Arc::clone(&self.unit_of_work),
            read_model: Arc::clone(&self.read_model),
            token_hasher: Arc::clone(&self.token_hasher),
            wake_up: LocalCoordination::new().wake_up(),
            ids: Arc::clone(&self.ids),
            clock: Arc::clone(&self.clock),
            backlog: configuration.backlog,
            observer: Arc::new(NoObserver),
        }
    }
}

/// Opens the database to change it: PostgreSQL beside whatever runs on it, the embedded one only while
/// nothing does.
pub async fn open_to_administer(
    configuration: &Configuration,
) -> Result<AdministrationStore, StartError> {
    let ring = Arc::new(LiveKeyRing::open(&configuration.key_ring)?);
    let sealer: Arc<dyn AuditSealer> = Arc::new(AuditChain::new(Arc::clone(&ring)));
    let opened = store::open_checked(configuration, sealer).await;
    let database = opened.map_err(|error| match error {
        StartError::OpenDatabase(OpenError::InUse { path }) => StartError::StopFirst { path },
        other => other,
    })?;
    Ok(AdministrationStore {
        unit_of_work: Arc::new(database.clone()),
        job_queue: Arc::new(database.clone()),
        retention: Arc::new(database.clone()),
        read_model: Arc::new(database),
        custody: CredentialCustody::new(Arc::new(EnvelopeVault::new(Arc::clone(&ring)))),
        token_hasher: Arc::new(TokenForge::new(ring)),
        ids: Arc::new(SystemIds),
        clock: Arc::new(SystemClock),
    })
}

/// Opens the audit trails to check them, beside whatever runs on the database.
pub async fn open_to_verify(
    configuration: &Configuration,
) -> Result<VerifyAuditTrails, StartError> {
    let ring = Arc::new(LiveKeyRing::open(&configuration.key_ring)?);
    Ok(VerifyAuditTrails {
        read_model: store::open_to_read(configuration).await?.read_model,
        sealer: Arc::new(AuditChain::new(ring)),
    })
}
