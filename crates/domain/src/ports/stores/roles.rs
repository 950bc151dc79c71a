//! Roles of teams.

use crate::access::{Role, RoleKind};
use crate::ids::{RoleId, TeamId};
use crate::ports::StoreError;
use async_trait::async_trait;

/// Roles. Every look-up names the team.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait RoleStore: Send {
    /// Adds a custom role. [`super::super::Conflict::RoleName`] when the name is taken.
    async fn insert_role(&mut self, role: &Role) -> Result<(), StoreError>;
    /// The role.
    async fn find_role(&mut self, team: TeamId, role: RoleId) -> Result<Option<Role>, StoreError>;
    /// The built-in role of a kind; every living team has it.
    async fn find_built_in_role(
        &mut self,
        team: TeamId,
        kind: RoleKind,
    ) -> Result<Option<Role>, StoreError>;
    /// Writes name and permissions of a custom role when the stored version is `role.version`, raising
    /// it by one; otherwise [`StoreError::VersionChanged`]. [`super::super::Conflict::RoleName`] when
    /// the name is taken.
    async fn update_role(&mut self, role: &Role) -> Result<(), StoreError>;
    /// Deletes a custom role; `false` when there is none. [`super::super::Conflict::RoleInUse`] while
    /// members or live invitations have it.
    async fn delete_role(&mut self, team: TeamId, role: RoleId) -> Result<bool, StoreError>;
    /// How many custom roles the team has.
    async fn count_custom_roles(&mut self, team: TeamId) -> Result<i64, StoreError>;
}
