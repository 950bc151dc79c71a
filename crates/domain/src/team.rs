//! The team: the tenant that owns environments, jobs, tokens and one platform account.

use crate::access::Role;
use crate::ids::{InvitationId, RoleId, TeamId, UserId};
use crate::names::{EmailAddress, PersonName, TeamName};
use crate::people::TokenHash;
use jiff::Timestamp;

/// A team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// The team.
    pub id: TeamId,
    /// Its name.
    pub name: TeamName,
    /// When it was created.
    pub created_at: Timestamp,
    /// Since when it is suspended by those who run the service.
    pub suspended_at: Option<Timestamp>,
    /// Counts changes of the row.
    pub version: i64,
}

/// A person's place in a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// The team.
    pub team_id: TeamId,
    /// The person.
    pub user_id: UserId,
    /// The role.
    pub role_id: RoleId,
    /// Since when.
    pub joined_at: Timestamp,
}

/// A member as the others see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub user_id: UserId,
    /// Their name.
    pub name: PersonName,
    /// Their address.
    pub email: EmailAddress,
    /// Their role.
    pub role: Role,
    /// Since when.
    pub joined_at: Timestamp,
    /// Whether they have confirmed a second factor.
    pub has_second_factor: bool,
}

/// An invitation into a team: bound to an address, used once, ends by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The invitation.
    pub id: InvitationId,
    /// The team.
    pub team_id: TeamId,
    /// Whom it is for; only a person with this verified address can accept it.
    pub email: EmailAddress,
    /// The role that comes with it.
    pub role_id: RoleId,
    /// Who invited.
    pub invited_by: UserId,
    /// The stored form of the token in the mail.
    pub hash: TokenHash,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is refused.
    pub expires_at: Timestamp,
}

/// An offer of the ownership that waits for the receiver; at most one per team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnershipOffer {
    /// The team.
    pub team_id: TeamId,
    /// Who offers: the owner when it was made.
    pub from: UserId,
    /// Who may accept.
    pub to: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is refused.
    pub expires_at: Timestamp,
}

/// The first step of deleting a team; the second must bring the token in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamDeletion {
    /// The team.
    pub team_id: TeamId,
    /// Who asked.
    pub requested_by: UserId,
    /// The stored form of the token that was shown.
    pub hash: TokenHash,
    /// From when on it is refused.
    pub expires_at: Timestamp,
}
