//! Teams and roles as clients see them.

use domain::access::{Permission, Role};
use domain::team::Team;
use serde::Serialize;
use utoipa::ToSchema;

/// A team.
#[derive(Serialize, ToSchema)]
#[schema(as = Team)]
pub(super) struct TeamView {
    /// The team.
    #[schema(example = "team_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    id: String,
    /// Its name.
    #[schema(example = "Example team")]
    name: String,
    /// When it was created.
    #[schema(format = DateTime)]
    created_at: String,
    /// Since when those who run the service have suspended it; `null` when it is not.
    #[schema(format = DateTime)]
    suspended_at: Option<String>,
}

impl From<Team> for TeamView {
    fn from(team: Team) -> Self {
        Self {
            id: team.id.to_string(),
            name: team.name.to_string(),
            created_at: team.created_at.to_string(),
            suspended_at: team.suspended_at.map(|since| since.to_string()),
        }
    }
}

/// A team, and the caller's role in it.
#[derive(Serialize, ToSchema)]
#[schema(as = OwnTeam)]
pub(super) struct OwnTeamView {
    #[serde(flatten)]
    team: TeamView,
    /// The caller's role.
    role: RoleNameView,
}

impl From<(Team, Role)> for OwnTeamView {
    fn from((team, role): (Team, Role)) -> Self {
        Self {
            team: team.into(),
            role: (&role).into(),
        }
    }
}

/// A role, by name.
#[derive(Serialize, ToSchema)]
#[schema(as = RoleName)]
pub(super) struct RoleNameView {
    /// The role.
    #[schema(example = "role_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    id: String,
    /// `owner`, `manager`, `developer`, `viewer` or `custom`.
    #[schema(example = "developer")]
    kind: &'static str,
    /// Its name.
    #[schema(example = "developer")]
    name: String,
}

impl From<&Role> for RoleNameView {
    fn from(role: &Role) -> Self {
        Self {
            id: role.id.to_string(),
            kind: role.kind.as_str(),
            name: role.name.to_string(),
        }
    }
}

/// A role.
#[derive(Serialize, ToSchema)]
#[schema(as = Role)]
pub(super) struct RoleView {
    #[serde(flatten)]
    role: RoleNameView,
    /// What it allows.
    #[schema(example = json!(["env.view", "team.view"]))]
    permissions: Vec<&'static str>,
}

impl From<Role> for RoleView {
    fn from(role: Role) -> Self {
        let permissions = role.permissions();
        Self {
            role: (&role).into(),
            permissions: permissions.iter().map(Permission::as_str).collect(),
        }
    }
}
