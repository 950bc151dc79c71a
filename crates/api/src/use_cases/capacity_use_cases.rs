//! What can be built, where, how much of it, and what it uses.

use application::LiveReads;
use application::blueprint::BlueprintCatalog;
use application::capacity::{ListBlueprints, ListRegions, ReadQuotas, ReadUsage};
use application::environments::{CheckDomain, ListDomains, ListGroups};
use domain::ports::HostResolver;
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
    /// Lists groups.
    pub list_groups: Arc<ListGroups>,
    /// Lists domains.
    pub list_domains: Arc<ListDomains>,
    /// Checks where a domain leads.
    pub check_domain: Arc<CheckDomain>,
}

impl CapacityUseCases {
    /// On reads whose places are shared with others.
    pub fn new(
        reads: &Arc<LiveReads>,
        resolver: Arc<dyn HostResolver>,
        blueprints: Arc<BlueprintCatalog>,
    ) -> Self {
        Self {
            list_blueprints: Arc::new(ListBlueprints { blueprints }),
            list_regions: Arc::new(ListRegions::new(Arc::clone(reads))),
            read_quotas: Arc::new(ReadQuotas::new(Arc::clone(reads))),
            read_usage: Arc::new(ReadUsage::new(Arc::clone(reads))),
            list_groups: Arc::new(ListGroups::new(Arc::clone(reads))),
            list_domains: Arc::new(ListDomains::new(Arc::clone(reads))),
            check_domain: Arc::new(CheckDomain::new(Arc::clone(reads), resolver)),
        }
    }
}
