//! Joining a team that one was invited into.

use crate::roles::given_role;
use crate::team_changes::finish_with;
use crate::{TeamChanges, UseCaseError};
use domain::SecretText;
use domain::access::{
    AccessPolicy, AccessSubject, Permission, Person, RequestOrigin, Role, RoleKind,
};
use domain::error_code::ErrorCode;
use domain::ports::{Conflict, StoreError, TokenHasher, TokenKind, Transaction};
use domain::team::{Invitation, Membership, Team};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Accepts invitations.
#[derive(Clone)]
pub struct AcceptInvitation {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
    /// Hashes the token.
    pub token_hasher: Arc<dyn TokenHasher>,
}

impl AcceptInvitation {
    /// For anybody who signed in, so whose address was proved. One answer, `link-invalid`, for a token
    /// that is unknown, used or too old, for one that was sent to another address, and for an
    /// invitation that its maker could not make any more: who left, or may not invite any more, or has
    /// not all that the role allows by now, lets nobody in. `already-member`, `team-suspended`.
    #[tracing::instrument(name = "usecase.invitations.accept_invitation", skip_all)]
    pub async fn run(
        &self,
        person: &Person,
        token: &SecretText,
    ) -> Result<(Team, Role), UseCaseError> {
        let hashes = self.token_hasher.hashes_of(TokenKind::Invitation, token);
        if hashes.is_empty() {
            return Err(link_invalid());
        }
        let (mut transaction, now) = self.changes.begin_as_person(person).await?;
        let at = self.changes.now();
        let invitations = transaction.invitations();
        let invitation = invitations.find_open_invitation(&hashes, at).await?;
        let invitation = invitation
            .filter(|invitation| invitation.email == now.user.email)
            .ok_or_else(link_invalid)?;
        let team = joinable_team(&mut *transaction, &invitation).await?;
        let role = self
            .offered_role(&mut *transaction, &invitation, &now.origin)
            .await?;
        let membership = Membership {
            team_id: team.id,
            user_id: now.user.id,
            role_id: role.id,
            joined_at: at,
        };
        join(&mut *transaction, &invitation, &membership).await?;
        let target = invitation.id.to_string();
        let event = self
            .changes
            .event_of_person(&now, "invitation.accept", target);
        finish_with(transaction, event.in_team(team.id), "list your teams").await?;
        Ok((team, role))
    }

    /// The role, when who invited could give it today.
    async fn offered_role(
        &self,
        transaction: &mut dyn Transaction,
        invitation: &Invitation,
        origin: &RequestOrigin,
    ) -> Result<Role, UseCaseError> {
        let team = invitation.team_id;
        let subject = AccessSubject::User(invitation.invited_by);
        let record = transaction
            .access()
            .lock_access(subject, Some(team))
            .await?;
        let now = self.changes.now();
        let inviter = record.and_then(|record| {
            let policy = &AccessPolicy::SECOND_LOOK;
            record.actor(team, policy, now, None, origin.clone()).ok()
        });
        let inviter = inviter.ok_or_else(link_invalid)?;
        let role = given_role(transaction, team, invitation.role_id).await;
        let role = role.map_err(|error| match error.code() {
            ErrorCode::ValidationFailed => link_invalid(),
            _ => error,
        })?;
        let may_give = role.kind != RoleKind::Owner
            && inviter.permissions().contains(Permission::TeamInvite)
            && inviter.permissions().contains_all(role.permissions());
        may_give.then_some(role).ok_or_else(link_invalid)
    }
}

async fn joinable_team(
    transaction: &mut dyn Transaction,
    invitation: &Invitation,
) -> Result<Team, UseCaseError> {
    let team = transaction.teams().find_team(invitation.team_id).await?;
    let team = team.ok_or_else(link_invalid)?;
    if team.suspended_at.is_some() {
        return Err(UseCaseError::new(
            ErrorCode::TeamSuspended,
            "the team is suspended; nobody can join it until that is over",
        ));
    }
    Ok(team)
}

async fn join(
    transaction: &mut dyn Transaction,
    invitation: &Invitation,
    membership: &Membership,
) -> Result<(), UseCaseError> {
    let is_accepted = transaction
        .invitations()
        .accept_invitation(invitation.id, membership.user_id, membership.joined_at)
        .await?;
    if !is_accepted {
        return Err(link_invalid());
    }
    let joined = transaction
        .memberships()
        .insert_membership(membership)
        .await;
    joined.map_err(|error| match error {
        StoreError::Conflict(Conflict::Membership) => UseCaseError::new(
            ErrorCode::AlreadyMember,
            "you are a member of the team already",
        ),
        other => other.into(),
    })
}

fn link_invalid() -> UseCaseError {
    UseCaseError::new(
        ErrorCode::LinkInvalid,
        "the invitation is unknown, was used, is too old, or was sent to another address; ask for a \
         new one",
    )
    .at("/token")
}
