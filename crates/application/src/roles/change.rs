//! Another name or other permissions for a custom role.

use super::{RoleContent, conflict, editable_role};
use crate::authorisation::{demand, demand_within};
use crate::team_changes::demand_version;
use crate::{TeamChanges, UseCaseError};
use domain::access::{Actor, Permission, Role};
use domain::ids::{RoleId, TeamId};

#[cfg(test)]
mod tests;

/// Changes a custom role.
#[derive(Clone)]
pub struct ChangeRole {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
}

impl ChangeRole {
    /// Demands `role.manage`, and everything that the role allows now and will allow
    /// (`rights-exceeded`): whoever has the role is not taken what the caller does not have either.
    /// `role-not-editable` for a built-in one, `role-name-taken`, `precondition-failed` when another
    /// version is there than the expected one. It holds for all who have the role as soon as it is stored.
    /// Idempotent without an expected version.
    #[tracing::instrument(name = "usecase.roles.change_role", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        role: RoleId,
        content: RoleContent,
        expected_version: Option<i64>,
    ) -> Result<Role, UseCaseError> {
        let authorised = demand(actor, team, Permission::RoleManage)?;
        let (mut transaction, now) = self.changes.begin(&authorised).await?;
        let mut found = editable_role(&mut *transaction, team, role).await?;
        demand_version(expected_version, found.version)?;
        demand_within(&now, found.permissions())?;
        let permissions = content.permissions.permissions();
        demand_within(&now, permissions).map_err(|error| error.at("/permissions"))?;
        found.name = content.name;
        found.custom_permissions = permissions;
        let roles = transaction.roles();
        roles.update_role(&found).await.map_err(conflict)?;
        let what = ("role.update", role.to_string());
        self.changes
            .finish(transaction, &now, what, "read the role")
            .await?;
        found.version += 1;
        Ok(found)
    }
}
