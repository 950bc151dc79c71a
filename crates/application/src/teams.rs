//! Use cases about teams as a whole.

mod create;
mod delete;
mod export;
mod get;
mod list;
mod rename;
mod request_deletion;

pub use create::CreateTeam;
pub use delete::DeleteTeam;
pub use export::{ExportTeam, TeamPiece, TeamReader};
pub use get::GetTeam;
pub use list::ListTeams;
pub use rename::RenameTeam;
pub use request_deletion::{RequestTeamDeletion, RequestedDeletion};
