//! Comparing what is known of a team's environments with the platform, again and again: records follow what
//! others change, what does not fit is told, and nothing is adopted or destroyed.

mod comparison;
mod hasten;
mod list_findings;
mod request;
mod start_due;

pub(crate) use comparison::{Comparison, KnownEnvironment, Sighting, compare};
pub use hasten::HastenSync;
pub use list_findings::ListFindings;
pub(crate) use request::plan_sync;
pub use request::{SyncTeam, SyncTeamCommand};
pub use start_due::StartDueSyncs;
