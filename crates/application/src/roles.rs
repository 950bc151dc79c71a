//! Use cases about the roles of a team.

mod change;
mod create;
mod delete;
mod get;
mod list;

pub use change::ChangeRole;
pub use create::{CreateRole, RoleContent};
pub use delete::DeleteRole;
pub use get::GetRole;
pub use list::ListRoles;

use crate::UseCaseError;
use domain::access::{Role, RoleKind};
use domain::error_code::ErrorCode;
use domain::ids::{RoleId, TeamId};
use domain::ports::{Conflict, StoreError, Transaction};

/// The role that a request gives to somebody. One of another team is no role of this one.
pub(crate) async fn given_role(
    transaction: &mut dyn Transaction,
    team: TeamId,
    role: RoleId,
) -> Result<Role, UseCaseError> {
    let found = transaction.roles().find_role(team, role).await?;
    found.ok_or_else(|| {
        UseCaseError::new(ErrorCode::ValidationFailed, "must be a role of this team").at("/role_id")
    })
}

/// A role that the team made itself.
async fn editable_role(
    transaction: &mut dyn Transaction,
    team: TeamId,
    role: RoleId,
) -> Result<Role, UseCaseError> {
    let found = transaction.roles().find_role(team, role).await?;
    let found = found.ok_or_else(UseCaseError::not_found)?;
    if found.kind == RoleKind::Custom {
        return Ok(found);
    }
    Err(UseCaseError::new(
        ErrorCode::RoleNotEditable,
        "built-in roles are the same in every team; make a custom role instead",
    ))
}

fn conflict(error: StoreError) -> UseCaseError {
    match error {
        StoreError::Conflict(Conflict::RoleName) => UseCaseError::new(
            ErrorCode::RoleNameTaken,
            "the team has a role of that name; choose another one",
        )
        .at("/name"),
        StoreError::Conflict(Conflict::RoleInUse) => UseCaseError::new(
            ErrorCode::RoleInUse,
            "members or invitations have the role; give them another one first",
        ),
        other => other.into(),
    }
}
