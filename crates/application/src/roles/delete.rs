//! Deleting a custom role that nobody has.

use super::{conflict, editable_role};
use crate::authorisation::{demand, demand_within};
use crate::{TeamChanges, UseCaseError};
use domain::access::{Actor, Permission};
use domain::ids::{RoleId, TeamId};

#[cfg(test)]
mod tests;

/// Deletes a custom role.
#[derive(Clone)]
pub struct DeleteRole {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
}

impl DeleteRole {
    /// Demands `role.manage`, and everything that the role allows (`rights-exceeded`).
    /// `role-not-editable` for a built-in one, `role-in-use` while members or open invitations have it.
    #[tracing::instrument(name = "usecase.roles.delete_role", skip_all)]
    pub async fn run(&self, actor: &Actor, team: TeamId, role: RoleId) -> Result<(), UseCaseError> {
        let authorised = demand(actor, team, Permission::RoleManage)?;
        let (mut transaction, now) = self.changes.begin(&authorised).await?;
        let found = editable_role(&mut *transaction, team, role).await?;
        demand_within(&now, found.permissions())?;
        let roles = transaction.roles();
        if !roles.delete_role(team, role).await.map_err(conflict)? {
            return Err(UseCaseError::not_found());
        }
        let what = ("role.delete", role.to_string());
        self.changes
            .finish(transaction, &now, what, "read the role")
            .await
    }
}
