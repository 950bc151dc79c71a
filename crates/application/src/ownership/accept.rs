//! Taking over the ownership of a team.

use super::{no_offer, offer_to};
use crate::authorisation::demand;
use crate::platform_accounts::CredentialRemoval;
use crate::step_up::demand_second_factor;
use crate::{TeamChanges, UseCaseError};
use domain::access::{Actor, Permission, RoleKind};
use domain::audit::AuditEvent;
use domain::error_code::ErrorCode;
use domain::ids::{RoleId, TeamId};
use domain::limits;
use domain::ports::{Mail, MailMessage, Mailer, Transaction};
use domain::team::OwnershipOffer;
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Accepts the ownership.
#[derive(Clone)]
pub struct AcceptOwnership {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
    /// Tells both.
    pub mailer: Arc<dyn Mailer>,
    /// Destroys what the old owner had put into custody.
    pub removal: CredentialRemoval,
    /// Whether an owner must have confirmed a second factor.
    pub demands_second_factor: bool,
}

impl AcceptOwnership {
    /// Demands `team.view`, which every member has, in a browser. `no-ownership-offer` for everybody
    /// but the receiver of a living offer of who still is the owner; `second-factor-required` where
    /// that is set; `team-busy` with a job that is not at rest; `limit-reached` when the receiver owns
    /// [`limits::TEAMS_OWNED_MAX`] teams. The old owner becomes a manager, and the platform credential
    /// is destroyed: it is theirs, not the team's. The new owner connects an account of their own.
    #[tracing::instrument(name = "usecase.ownership.accept_ownership", skip_all)]
    pub async fn run(&self, actor: &Actor, team: TeamId) -> Result<(), UseCaseError> {
        let authorised = demand(actor, team, Permission::TeamView)?;
        let (mut transaction, now) = self.changes.begin_in_person(&authorised).await?;
        let offer = self.good_offer(&mut *transaction, &now).await?;
        swap_roles(&mut *transaction, &offer).await?;
        wait_for_acceptances(&mut *transaction, team).await?;
        check_rest(&mut *transaction, team).await?;
        let accounts = transaction.platform_accounts();
        let removed = match accounts.find_platform_account(team).await? {
            Some(account) => self.removal.remove(&mut *transaction, account).await?,
            None => None,
        };
        transaction.teams().delete_ownership_offer(team).await?;
        let mails = mails(&mut *transaction, &offer).await?;
        if let Some(removed) = &removed {
            let (id, target) = (self.changes.new_id(), removed.account_id.to_string());
            let event = AuditEvent::accepted(id, &now, "platform_account.disconnect", target);
            transaction.audit().append_audit_event(&event).await?;
        }
        let what = ("ownership.accept", offer.to.to_string());
        self.changes
            .finish(transaction, &now, what, "read the team's members")
            .await?;
        for mail in mails {
            self.mailer.enqueue(mail);
        }
        if let Some(removed) = removed {
            self.removal.sign_out(removed).await;
        }
        Ok(())
    }

    async fn good_offer(
        &self,
        transaction: &mut dyn Transaction,
        now: &Actor,
    ) -> Result<OwnershipOffer, UseCaseError> {
        let team = now.team_id();
        let receiver = now.user_id().ok_or_else(UseCaseError::not_found)?;
        let offer = offer_to(transaction, team, receiver, self.changes.now()).await?;
        let memberships = transaction.memberships();
        let giver = memberships.find_membership(team, offer.from).await?;
        if !giver.is_some_and(|(_, role)| role.kind == RoleKind::Owner) {
            return Err(no_offer());
        }
        if self.demands_second_factor {
            demand_second_factor(now)?;
        }
        if memberships.count_owned_teams(receiver).await? >= limits::TEAMS_OWNED_MAX {
            return Err(UseCaseError::new(
                ErrorCode::LimitReached,
                "you own as many teams as one person may; delete one or transfer its ownership first",
            ));
        }
        Ok(offer)
    }
}

/// Everybody whose job is being accepted holds the team's row with their rights until it is stored: writing
/// the row waits for them, and from here on they wait for us and find the account gone. After the roles,
/// because rights are locked in that order.
async fn wait_for_acceptances(
    transaction: &mut dyn Transaction,
    team: TeamId,
) -> Result<(), UseCaseError> {
    let teams = transaction.teams();
    let found = teams.find_team(team).await?;
    let found = found.ok_or_else(UseCaseError::not_found)?;
    Ok(teams.update_team(&found).await?)
}

async fn check_rest(transaction: &mut dyn Transaction, team: TeamId) -> Result<(), UseCaseError> {
    match transaction.jobs().find_live_job_of_team(team).await? {
        None => Ok(()),
        Some(job) => Err(UseCaseError::new(
            ErrorCode::TeamBusy,
            "the team has a job that is not at rest, and its platform account would be taken from \
             under it; wait for it or cancel it",
        )
        .with_job(job)),
    }
}

/// The old owner first: a team never has two.
async fn swap_roles(
    transaction: &mut dyn Transaction,
    offer: &OwnershipOffer,
) -> Result<(), UseCaseError> {
    let team = offer.team_id;
    let manager = built_in_role(transaction, team, RoleKind::Manager).await?;
    let owner = built_in_role(transaction, team, RoleKind::Owner).await?;
    let memberships = transaction.memberships();
    let has_given = memberships
        .set_member_role(team, offer.from, manager)
        .await?;
    let has_taken = memberships.set_member_role(team, offer.to, owner).await?;
    if has_given && has_taken {
        Ok(())
    } else {
        Err(no_offer())
    }
}

async fn built_in_role(
    transaction: &mut dyn Transaction,
    team: TeamId,
    kind: RoleKind,
) -> Result<RoleId, UseCaseError> {
    let found = transaction.roles().find_built_in_role(team, kind).await?;
    let role = found.ok_or_else(|| {
        UseCaseError::new(ErrorCode::InternalError, "an internal error occurred")
            .caused_by("a living team lacks a built-in role")
    })?;
    Ok(role.id)
}

/// To the old and to the new owner.
async fn mails(
    transaction: &mut dyn Transaction,
    offer: &OwnershipOffer,
) -> Result<[Mail; 2], UseCaseError> {
    let team = transaction.teams().find_team(offer.team_id).await?;
    let team = team.ok_or_else(UseCaseError::not_found)?;
    let people = transaction.people();
    let from = people.find_user(offer.from).await?;
    let from = from.ok_or_else(UseCaseError::not_found)?;
    let to = people.find_user(offer.to).await?;
    let to = to.ok_or_else(UseCaseError::not_found)?;
    let message = MailMessage::OwnershipTransferred {
        team: team.name,
        to: to.name,
    };
    Ok([from.email, to.email].map(|address| Mail {
        to: address,
        message: message.clone(),
    }))
}
