//! Use cases about the members of a team.

mod change_role;
mod departure;
mod get;
mod leave;
mod list;
mod remove;

pub use change_role::ChangeMemberRole;
pub use get::GetMember;
pub use leave::LeaveTeam;
pub use list::ListMembers;
pub use remove::RemoveMember;
