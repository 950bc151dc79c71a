//! Use cases about invitations into a team.

mod accept;
mod create;
mod list;
mod revoke;

pub use accept::AcceptInvitation;
pub use create::{InviteCommand, InvitePerson};
pub use list::ListInvitations;
pub use revoke::RevokeInvitation;
