//! Turning the second factor off.

use super::accounts::{Accounts, IssuedSession, OwnChange, step_up_within_window};
use crate::UseCaseError;
use crate::account_policy::AccountPolicy;
use domain::access::{Person, RoleKind};
use domain::audit::AuditEvent;
use domain::error_code::ErrorCode;
use domain::ids::{TeamId, UserId};
use domain::limits::PAGE_SIZE_MAX;
use domain::page::PageRequest;
use domain::platform_account::PlatformAccountState;
use domain::ports::{MailMessage, ReadModel, Transaction, new_id};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Removes second factors.
#[derive(Clone)]
pub struct RemoveSecondFactor {
    /// What use cases about people share.
    pub accounts: Accounts,
    /// The person's teams.
    pub read_model: Arc<dyn ReadModel>,
    /// Whether owners need one.
    pub policy: AccountPolicy,
}

impl RemoveSecondFactor {
    /// Needs a fresh proof of who the person is. Recovery codes go with it. `not-found` when there is
    /// none; `second-factor-required` while the person owns a team with a connected platform account
    /// and owners need one.
    #[tracing::instrument(name = "usecase.people.remove_second_factor", skip_all)]
    pub async fn run(&self, person: &Person) -> Result<IssuedSession, UseCaseError> {
        let accounts = &self.accounts;
        step_up_within_window(person, &*accounts.clock)?;
        let owned = self.owned_teams(person.user.id).await?;
        let authenticated_at = person.session.authenticated_at;
        let change = accounts.begin_own_change(person, authenticated_at);
        let OwnChange {
            mut transaction,
            mut user,
            session,
        } = change.await?;
        let factor = user.second_factor.take();
        let factor = factor.ok_or_else(UseCaseError::not_found)?;
        let people = transaction.people();
        people.update_user(&user).await?;
        people.replace_recovery_codes(user.id, &[]).await?;
        // Whoever connects an account holds the person's rights until the commit, and so comes wholly
        // before the update above or after this transaction.
        refuse_while_connected(&mut *transaction, &owned).await?;
        let (id, target) = (new_id(&*accounts.ids), user.id.to_string());
        let event = AuditEvent::by_person(id, person, "second_factor.remove", target);
        accounts.commit_with(transaction, &event).await?;
        if factor.confirmed_at.is_some() {
            let message = MailMessage::SecondFactorChanged { is_on: false };
            accounts.mail(user.email, message);
        }
        Ok(session)
    }

    /// The teams whose account the second factor protects.
    async fn owned_teams(&self, user: UserId) -> Result<Vec<TeamId>, UseCaseError> {
        let mut owned = Vec::new();
        if !self.policy.second_factor_for_owners {
            return Ok(owned);
        }
        let mut after = None;
        loop {
            let page = PageRequest::new(PAGE_SIZE_MAX, after);
            let teams = self.read_model.list_teams_of_user(user, page).await?;
            let of_owner = teams.items.iter();
            let of_owner = of_owner.filter(|(_, role)| role.kind == RoleKind::Owner);
            owned.extend(of_owner.map(|(team, _)| team.id));
            after = teams.next_after;
            if after.is_none() {
                return Ok(owned);
            }
        }
    }
}

async fn refuse_while_connected(
    transaction: &mut dyn Transaction,
    owned: &[TeamId],
) -> Result<(), UseCaseError> {
    for team in owned {
        let accounts = transaction.platform_accounts();
        let account = accounts.find_platform_account(*team).await?;
        if account.is_some_and(|account| account.state != PlatformAccountState::Disconnected) {
            return Err(UseCaseError::new(
                ErrorCode::SecondFactorRequired,
                format!(
                    "the owner of a team with a connected platform account needs a second factor; \
                     disconnect the account of {team} or transfer the team first"
                ),
            ));
        }
    }
    Ok(())
}
