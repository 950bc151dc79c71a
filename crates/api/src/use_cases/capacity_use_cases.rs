//! What can be built, where, how much of it, and what it uses.

use application::LiveReads;
use application::blueprint::BlueprintCatalog;
use application::capacity::{ListBlueprints, ListRegions, ReadQuotas, ReadUsage};
use application::environments::ListDomains;
use std::sync::Arc;

/// What can be asked about what the platform has and gives.
#[derive(Clone)]
pub struct CapacityUseCases {
    /// Lists blueprints.
    pub list_blueprints: Arc<ListBlueprints>,
    /// Lists regions.
    pub list_regions: Arc<ListRegions>,
    /// Reads quotas.
    pub read_quotas: Arc<ReadQuotas>,
    /// Reads usage.
    pub read_usage: Arc<ReadUsage>,
    /// Lists domains.
    pub list_domains: Arc<ListDomains>,
}

impl CapacityUseCases {
    /// On reads whose places are shared with others.
    pub fn new(reads: &Arc<LiveReads>, blueprints: Arc<BlueprintCatalog>) -> Self {
        Self {
            list_blueprints: Arc::new(ListBlueprints { blueprints }),
            list_regions: Arc::new(ListRegions::new(Arc::clone(reads))),
            read_quotas: Arc::new(ReadQuotas::new(Arc::clone(reads))),
            read_usage: Arc::new(ReadUsage::new(Arc::clone(reads))),
            list_domains: Arc::new(ListDomains::new(Arc::clone(reads))),
        }
    }
}
