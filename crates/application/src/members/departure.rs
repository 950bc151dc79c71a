//! What goes when a member goes, of their own will or not.

use crate::UseCaseError;
use domain::access::Role;
use domain::access::RoleKind;
use domain::error_code::ErrorCode;
use domain::ids::{TeamId, UserId};
use domain::ports::Transaction;

/// The role of a member who may be changed; *not found* for who is none, `owner-is-fixed` for the
/// owner. Locks the membership.
pub(super) async fn changeable_role(
    transaction: &mut dyn Transaction,
    team: TeamId,
    user: UserId,
) -> Result<Role, UseCaseError> {
    let found = transaction
        .memberships()
        .find_membership(team, user)
        .await?;
    let (_, role) = found.ok_or_else(UseCaseError::not_found)?;
    if role.kind == RoleKind::Owner {
        return Err(owner_is_fixed());
    }
    Ok(role)
}

pub(super) fn owner_is_fixed() -> UseCaseError {
    UseCaseError::new(
        ErrorCode::OwnerIsFixed,
        "a team has exactly one owner, who cannot leave, be removed or get another role; transfer the \
         ownership first",
    )
}

/// Ends the membership with its tokens, and an offer of the ownership to this member: it would wait
/// for them if they ever came back.
pub(super) async fn depart(
    transaction: &mut dyn Transaction,
    team: TeamId,
    user: UserId,
) -> Result<(), UseCaseError> {
    let memberships = transaction.memberships();
    if !memberships.delete_membership(team, user).await? {
        return Err(UseCaseError::not_found());
    }
    let teams = transaction.teams();
    let offer = teams.find_ownership_offer(team).await?;
    if offer.is_some_and(|offer| offer.to == user) {
        teams.delete_ownership_offer(team).await?;
    }
    Ok(())
}
