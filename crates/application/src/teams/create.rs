//! A new team, owned by who makes it.

use crate::team_changes::finish_with;
use crate::{CredentialCustody, TeamChanges, UseCaseError};
use domain::access::{Person, Role, RoleKind};
use domain::error_code::ErrorCode;
use domain::ids::RoleId;
use domain::limits;
use domain::names::TeamName;
use domain::ports::Transaction;
use domain::team::{Membership, Team};

#[cfg(test)]
mod tests;

/// Makes a team.
#[derive(Clone)]
pub struct CreateTeam {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
    /// Makes the team's key.
    pub custody: CredentialCustody,
}

impl CreateTeam {
    /// For anybody who signed in; they become the owner. `limit-reached` when they own
    /// [`limits::TEAMS_OWNED_MAX`] teams. Doing it twice makes two teams.
    #[tracing::instrument(name = "usecase.teams.create_team", skip_all)]
    pub async fn run(&self, person: &Person, name: TeamName) -> Result<(Team, Role), UseCaseError> {
        let (mut transaction, now) = self.changes.begin_as_person(person).await?;
        check_room(&mut *transaction, &now).await?;
        let team = Team {
            id: self.changes.new_id(),
            name,
            created_at: self.changes.now(),
            suspended_at: None,
            version: 1,
        };
        let key = self.custody.new_team_key(team.id)?;
        let roles = RoleKind::BUILT_IN.map(|_| self.changes.new_id::<RoleId>());
        transaction.teams().insert_team(&team, &key, &roles).await?;
        let role = owner_role(&mut *transaction, &team).await?;
        let membership = Membership {
            team_id: team.id,
            user_id: now.user.id,
            role_id: role.id,
            joined_at: team.created_at,
        };
        transaction
            .memberships()
            .insert_membership(&membership)
            .await?;
        let event = self
            .changes
            .event_of_person(&now, "team.create", team.id.to_string());
        finish_with(transaction, event.in_team(team.id), "list your teams").await?;
        Ok((team, role))
    }
}

async fn check_room(
    transaction: &mut dyn Transaction,
    person: &Person,
) -> Result<(), UseCaseError> {
    let owned = transaction
        .memberships()
        .count_owned_teams(person.user.id)
        .await?;
    if owned < limits::TEAMS_OWNED_MAX {
        return Ok(());
    }
    Err(UseCaseError::new(
        ErrorCode::LimitReached,
        "you own as many teams as one person may; delete one or transfer its ownership first",
    ))
}

async fn owner_role(transaction: &mut dyn Transaction, team: &Team) -> Result<Role, UseCaseError> {
    let roles = transaction.roles();
    let found = roles.find_built_in_role(team.id, RoleKind::Owner).await?;
    found.ok_or_else(|| {
        UseCaseError::new(ErrorCode::InternalError, "an internal error occurred")
            .caused_by("a new team has no role of its owner")
    })
}
