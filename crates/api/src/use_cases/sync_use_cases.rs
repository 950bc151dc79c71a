//! Comparing records with the platform.

use application::JobAcceptance;
use application::reconciliation::{HastenSync, ListFindings, SyncTeam};
use application::workflows::SyncSettings;
use std::sync::Arc;

/// What can be asked about syncs.
#[derive(Clone)]
pub struct SyncUseCases {
    /// Accepts the wish for a sync.
    pub sync: SyncTeam,
    /// Lists what syncs found.
    pub list_findings: ListFindings,
    /// Makes a sync due because somebody reads old records.
    pub hasten: Arc<HastenSync>,
}

impl SyncUseCases {
    /// On the ports of accepting jobs.
    pub fn new(acceptance: &JobAcceptance, settings: SyncSettings) -> Self {
        Self {
            sync: SyncTeam {
                acceptance: acceptance.clone(),
            },
            list_findings: ListFindings {
                read_model: Arc::clone(&acceptance.read_model),
            },
            hasten: Arc::new(HastenSync::new(
                Arc::clone(&acceptance.unit_of_work),
                Arc::clone(&acceptance.clock),
                settings,
            )),
        }
    }
}
