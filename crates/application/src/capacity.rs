//! What a team can build, where, how much of it, and what its environments use. Blueprints are ours; the rest is read
//! from the platform while somebody waits.

mod list_blueprints;
mod list_regions;
mod read_quotas;
mod read_usage;
#[cfg(test)]
mod tests;

pub use list_blueprints::ListBlueprints;
pub use list_regions::ListRegions;
pub use read_quotas::ReadQuotas;
pub use read_usage::ReadUsage;
