//! Another role for a member.

use super::departure::{changeable_role, owner_is_fixed};
use crate::authorisation::{demand, demand_within};
use crate::roles::given_role;
use crate::{TeamChanges, UseCaseError};
use domain::access::{Actor, Permission, RoleKind};
use domain::ids::{RoleId, TeamId, UserId};

#[cfg(test)]
mod tests;

/// Gives a member another role.
#[derive(Clone)]
pub struct ChangeMemberRole {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
}

impl ChangeMemberRole {
    /// Demands `member.manage`, and everything that the old and the new role allow
    /// (`rights-exceeded`): nobody lifts somebody above themselves, or pulls down who stands above
    /// them. `owner-is-fixed` when the owner's role would be taken or given. Idempotent.
    #[tracing::instrument(name = "usecase.members.change_member_role", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        user: UserId,
        role: RoleId,
    ) -> Result<(), UseCaseError> {
        let authorised = demand(actor, team, Permission::MemberManage)?;
        let (mut transaction, now) = self.changes.begin(&authorised).await?;
        let old = changeable_role(&mut *transaction, team, user).await?;
        let new = given_role(&mut *transaction, team, role).await?;
        if new.kind == RoleKind::Owner {
            return Err(owner_is_fixed().at("/role_id"));
        }
        demand_within(&now, old.permissions())?;
        demand_within(&now, new.permissions()).map_err(|error| error.at("/role_id"))?;
        let memberships = transaction.memberships();
        if !memberships.set_member_role(team, user, role).await? {
            return Err(UseCaseError::not_found());
        }
        let what = ("member.change_role", format!("{user} {role}"));
        self.changes
            .finish(transaction, &now, what, "read the member")
            .await
    }
}
