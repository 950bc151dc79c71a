//! A new custom role.

use super::conflict;
use crate::authorisation::{demand, demand_within};
use crate::{TeamChanges, UseCaseError};
use domain::access::{Actor, CustomPermissions, Permission, Role, RoleKind};
use domain::error_code::ErrorCode;
use domain::ids::TeamId;
use domain::limits;
use domain::names::RoleName;

#[cfg(test)]
mod tests;

/// What a custom role is.
#[derive(Debug, Clone)]
pub struct RoleContent {
    /// Unique in the team.
    pub name: RoleName,
    /// What it allows.
    pub permissions: CustomPermissions,
}

/// Makes a custom role.
#[derive(Clone)]
pub struct CreateRole {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
}

impl CreateRole {
    /// Demands `role.manage`, and everything that the role will allow (`rights-exceeded`).
    /// `role-name-taken`; `limit-reached` at [`limits::CUSTOM_ROLES_MAX`].
    #[tracing::instrument(name = "usecase.roles.create_role", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        content: RoleContent,
    ) -> Result<Role, UseCaseError> {
        let authorised = demand(actor, team, Permission::RoleManage)?;
        let (mut transaction, now) = self.changes.begin(&authorised).await?;
        let permissions = content.permissions.permissions();
        demand_within(&now, permissions).map_err(|error| error.at("/permissions"))?;
        let roles = transaction.roles();
        if roles.count_custom_roles(team).await? >= limits::CUSTOM_ROLES_MAX {
            return Err(UseCaseError::new(
                ErrorCode::LimitReached,
                "the team has as many custom roles as it may have; delete one first",
            ));
        }
        let role = Role {
            id: self.changes.new_id(),
            team_id: team,
            kind: RoleKind::Custom,
            name: content.name,
            custom_permissions: permissions,
            version: 1,
        };
        roles.insert_role(&role).await.map_err(conflict)?;
        let what = ("role.create", role.id.to_string());
        self.changes
            .finish(transaction, &now, what, "list the roles")
            .await?;
        Ok(role)
    }
}
