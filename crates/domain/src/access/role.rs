//! Roles: named sets of permissions of one team.

use super::{Permission, PermissionSet};
use crate::ids::{RoleId, TeamId};
use crate::names::RoleName;
use Permission as P;

/// Which sort of role it is. The built-in ones are the same in every team and cannot be edited; to have
/// one a little different, a team makes a custom role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RoleKind {
    /// Everything. Exactly one member has it.
    Owner,
    /// Everything but what only the owner may do.
    Manager,
    /// Builds and runs, deletes nothing.
    Developer,
    /// Looks.
    Viewer,
    /// Made by the team.
    Custom,
}

/// What a developer may do.
const DEVELOPER: &[Permission] = &[
    P::EnvironmentView,
    P::JobView,
    P::TeamView,
    P::EnvironmentCreate,
    P::EnvironmentClone,
    P::EnvironmentRename,
    P::EnvironmentStart,
    P::EnvironmentStop,
    P::EnvironmentRestart,
    P::EnvironmentSync,
    P::CacheManage,
    P::LogsView,
    P::BackupCreate,
    P::SearchReplaceRun,
    P::DomainManage,
    P::JobCancel,
    P::JobRetry,
    P::EventView,
];

/// What a viewer may do.
const VIEWER: &[Permission] = &[P::EnvironmentView, P::JobView, P::EventView, P::TeamView];

impl RoleKind {
    /// The kinds that every team has.
    pub const BUILT_IN: [Self; 4] = [Self::Owner, Self::Manager, Self::Developer, Self::Viewer];

    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Manager => "manager",
            Self::Developer => "developer",
            Self::Viewer => "viewer",
            Self::Custom => "custom",
        }
    }

    /// Reads the stable text form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Custom]
            .into_iter()
            .chain(Self::BUILT_IN)
            .find(|kind| kind.as_str() == text)
    }

    /// What a built-in role allows; nothing for a custom one, whose permissions are stored.
    pub fn permissions(self) -> PermissionSet {
        match self {
            Self::Owner => PermissionSet::all(),
            Self::Manager => Permission::ALL
                .iter()
                .copied()
                .filter(|permission| !permission.is_owner_only())
                .collect(),
            Self::Developer => DEVELOPER.iter().copied().collect(),
            Self::Viewer => VIEWER.iter().copied().collect(),
            Self::Custom => PermissionSet::NONE,
        }
    }
}

/// What a custom role allows: nothing that is the owner's alone, and always a look at the team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustomPermissions(PermissionSet);

/// Why permissions are not fit for a custom role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CustomPermissionsError {
    /// Only the owner may ever have it.
    #[error("only the owner may have `{}`; it cannot go into a role", .0.as_str())]
    OwnerOnly(Permission),
    /// Members see the team that they are in: what they do about their own place in it hangs on that.
    #[error("must include `team.view`: every member sees the team")]
    WithoutTeamView,
}

impl CustomPermissions {
    /// Passes permissions that a custom role may have; the error states the rule.
    pub fn new(permissions: PermissionSet) -> Result<Self, CustomPermissionsError> {
        if let Some(permission) = permissions.iter().find(|it| it.is_owner_only()) {
            return Err(CustomPermissionsError::OwnerOnly(permission));
        }
        if !permissions.contains(P::TeamView) {
            return Err(CustomPermissionsError::WithoutTeamView);
        }
        Ok(Self(permissions))
    }

    /// The permissions.
    pub fn permissions(self) -> PermissionSet {
        self.0
    }
}

/// A role of a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// The role.
    pub id: RoleId,
    /// The team.
    pub team_id: TeamId,
    /// Which sort.
    pub kind: RoleKind,
    /// Its name, unique in the team; the kind's name for a built-in one.
    pub name: RoleName,
    /// What a custom role allows; ignored for built-in ones.
    pub custom_permissions: PermissionSet,
    /// Counts changes of the row.
    pub version: i64,
}

impl Role {
    /// What the role allows now. What only an owner may do is never in a custom role, whatever is
    /// stored.
    pub fn permissions(&self) -> PermissionSet {
        match self.kind {
            RoleKind::Custom => self
                .custom_permissions
                .intersection(RoleKind::Manager.permissions()),
            built_in => built_in.permissions(),
        }
    }
}
