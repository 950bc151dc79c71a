//! Offering the ownership of a team to another member.

use crate::authorisation::demand;
use crate::step_up::demand_step_up;
use crate::{TeamChanges, UseCaseError};
use domain::access::{Actor, Permission};
use domain::error_code::ErrorCode;
use domain::ids::{TeamId, UserId};
use domain::limits;
use domain::ports::{Mail, MailMessage, Mailer, Transaction};
use domain::team::OwnershipOffer;
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Offers the ownership.
#[derive(Clone)]
pub struct OfferOwnership {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
    /// Tells the receiver.
    pub mailer: Arc<dyn Mailer>,
}

impl OfferOwnership {
    /// Demands `team.transfer` and a step-up. To a member, not to oneself. Replaces an earlier offer;
    /// nothing changes hands before the receiver accepts.
    #[tracing::instrument(name = "usecase.ownership.offer_ownership", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        to: UserId,
    ) -> Result<OwnershipOffer, UseCaseError> {
        let authorised = demand(actor, team, Permission::TeamTransfer)?;
        demand_step_up(actor, &*self.changes.clock)?;
        let (mut transaction, now) = self.changes.begin(&authorised).await?;
        let from = now.user_id().ok_or_else(UseCaseError::not_found)?;
        check_receiver(&mut *transaction, team, from, to).await?;
        let offer = OwnershipOffer {
            team_id: team,
            from,
            to,
            created_at: self.changes.now(),
            expires_at: self.changes.end_of(limits::OWNERSHIP_OFFER_LIFETIME),
        };
        transaction.teams().put_ownership_offer(&offer).await?;
        let mail = mail(&mut *transaction, &offer).await?;
        let what = ("ownership.offer", to.to_string());
        self.changes
            .finish(transaction, &now, what, "read the offer")
            .await?;
        self.mailer.enqueue(mail);
        Ok(offer)
    }
}

async fn check_receiver(
    transaction: &mut dyn Transaction,
    team: TeamId,
    from: UserId,
    to: UserId,
) -> Result<(), UseCaseError> {
    let rule = if from == to {
        Some("must be another member: you are the owner already")
    } else {
        let member = transaction.memberships().find_membership(team, to).await?;
        member.is_none().then_some("must be a member of this team")
    };
    rule.map_or(Ok(()), |rule| {
        Err(UseCaseError::new(ErrorCode::ValidationFailed, rule).at("/user_id"))
    })
}

async fn mail(
    transaction: &mut dyn Transaction,
    offer: &OwnershipOffer,
) -> Result<Mail, UseCaseError> {
    let team = transaction.teams().find_team(offer.team_id).await?;
    let team = team.ok_or_else(UseCaseError::not_found)?;
    let people = transaction.people();
    let from = people.find_user(offer.from).await?;
    let to = people.find_user(offer.to).await?;
    Ok(Mail {
        to: to.ok_or_else(UseCaseError::not_found)?.email,
        message: MailMessage::OwnershipOffered {
            team: team.name,
            from: from.ok_or_else(UseCaseError::not_found)?.name,
        },
    })
}
