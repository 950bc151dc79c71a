//! Inviting somebody into a team.

use crate::authorisation::{demand, demand_within};
use crate::mail_throttle::count_mail;
use crate::roles::given_role;
use crate::{TeamChanges, UseCaseError};
use domain::SecretText;
use domain::access::{Actor, Permission, Role, RoleKind};
use domain::error_code::ErrorCode;
use domain::ids::{RoleId, TeamId};
use domain::limits;
use domain::names::EmailAddress;
use domain::ports::{Mail, MailMessage, Mailer, TokenHasher, TokenKind, Transaction};
use domain::team::Invitation;
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Whom to invite, and as what.
#[derive(Debug, Clone)]
pub struct InviteCommand {
    /// The team.
    pub team_id: TeamId,
    /// The address that the invitation goes to, and that has to be the person's who accepts it.
    pub email: EmailAddress,
    /// The role that comes with it.
    pub role_id: RoleId,
}

/// Invites people.
#[derive(Clone)]
pub struct InvitePerson {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
    /// Makes the token in the mail, and names for addresses that are counted.
    pub token_hasher: Arc<dyn TokenHasher>,
    /// Sends it.
    pub mailer: Arc<dyn Mailer>,
}

impl InvitePerson {
    /// Demands `team.invite`, and everything that the role allows (`rights-exceeded`, also for the
    /// owner's role). `already-member`; `limit-reached` at [`limits::INVITATIONS_MAX`];
    /// `too-many-attempts` when the address was sent many mails. Whether the address has an account is
    /// not told. An earlier invitation to the address is replaced. The token is in the mail only.
    #[tracing::instrument(name = "usecase.invitations.invite_person", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        command: InviteCommand,
    ) -> Result<Invitation, UseCaseError> {
        let authorised = demand(actor, command.team_id, Permission::TeamInvite)?;
        let (mut transaction, now) = self.changes.begin(&authorised).await?;
        let role = givable_role(&mut *transaction, &now, command.role_id).await?;
        self.check_room(&mut *transaction, &command).await?;
        let (token, hash) = self.token_hasher.new_token(TokenKind::Invitation)?;
        let invitation = Invitation {
            id: self.changes.new_id(),
            team_id: command.team_id,
            email: command.email,
            role_id: role.id,
            invited_by: now.user_id().ok_or_else(UseCaseError::not_found)?,
            hash,
            created_at: self.changes.now(),
            expires_at: self.changes.end_of(limits::INVITATION_LIFETIME),
        };
        let invitations = transaction.invitations();
        invitations.insert_invitation(&invitation).await?;
        let mail = mail(&mut *transaction, &invitation, role, token).await?;
        let what = ("invitation.create", invitation.id.to_string());
        self.changes
            .finish(transaction, &now, what, "list the invitations")
            .await?;
        self.mailer.enqueue(mail);
        Ok(invitation)
    }

    async fn check_room(
        &self,
        transaction: &mut dyn Transaction,
        command: &InviteCommand,
    ) -> Result<(), UseCaseError> {
        let team = command.team_id;
        if is_member(transaction, team, &command.email).await? {
            return Err(UseCaseError::new(
                ErrorCode::AlreadyMember,
                "a person with this address is a member of the team already",
            )
            .at("/email"));
        }
        let open = transaction
            .invitations()
            .count_open_invitations(team, self.changes.now())
            .await?;
        if open >= limits::INVITATIONS_MAX {
            return Err(UseCaseError::new(
                ErrorCode::LimitReached,
                "as many invitations wait as may; revoke one first",
            ));
        }
        count_mail(transaction, &*self.token_hasher, &command.email).await
    }
}

async fn givable_role(
    transaction: &mut dyn Transaction,
    now: &Actor,
    role: RoleId,
) -> Result<Role, UseCaseError> {
    let role = given_role(transaction, now.team_id(), role).await?;
    if role.kind == RoleKind::Owner {
        return Err(UseCaseError::new(
            ErrorCode::RightsExceeded,
            "nobody is invited as owner; invite with another role, then offer the ownership",
        )
        .at("/role_id"));
    }
    demand_within(now, role.permissions()).map_err(|error| error.at("/role_id"))?;
    Ok(role)
}

async fn is_member(
    transaction: &mut dyn Transaction,
    team: TeamId,
    email: &EmailAddress,
) -> Result<bool, UseCaseError> {
    let Some(user) = transaction.people().find_user_by_email(email).await? else {
        return Ok(false);
    };
    let memberships = transaction.memberships();
    Ok(memberships.find_membership(team, user.id).await?.is_some())
}

async fn mail(
    transaction: &mut dyn Transaction,
    invitation: &Invitation,
    role: Role,
    token: SecretText,
) -> Result<Mail, UseCaseError> {
    let team = transaction.teams().find_team(invitation.team_id).await?;
    let team = team.ok_or_else(UseCaseError::not_found)?;
    let inviter = transaction
        .people()
        .find_user(invitation.invited_by)
        .await?;
    let inviter = inviter.ok_or_else(UseCaseError::not_found)?;
    Ok(Mail {
        to: invitation.email.clone(),
        message: MailMessage::Invitation {
            team: team.name,
            invited_by: inviter.name,
            role: role.name,
            token,
        },
    })
}
