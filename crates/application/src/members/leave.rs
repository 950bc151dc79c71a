//! Leaving a team.

use super::departure::{changeable_role, depart};
use crate::authorisation::demand;
use crate::{TeamChanges, UseCaseError};
use domain::access::{Actor, Permission};
use domain::ids::TeamId;

#[cfg(test)]
mod tests;

/// Leaves a team.
#[derive(Clone)]
pub struct LeaveTeam {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
}

impl LeaveTeam {
    /// Demands `team.view`, which every member has, in a browser. `owner-is-fixed` for the owner. The
    /// tokens that the member made in the team die with the membership.
    #[tracing::instrument(name = "usecase.members.leave_team", skip_all)]
    pub async fn run(&self, actor: &Actor, team: TeamId) -> Result<(), UseCaseError> {
        let authorised = demand(actor, team, Permission::TeamView)?;
        let (mut transaction, now) = self.changes.begin_in_person(&authorised).await?;
        let user = now.user_id().ok_or_else(UseCaseError::not_found)?;
        changeable_role(&mut *transaction, team, user).await?;
        depart(&mut *transaction, team, user).await?;
        let what = ("member.leave", user.to_string());
        self.changes
            .finish(transaction, &now, what, "list your teams")
            .await
    }
}
