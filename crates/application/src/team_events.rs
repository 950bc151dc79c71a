//! What happens in a team, for whoever follows it.

mod list;

pub use list::ListTeamEvents;
