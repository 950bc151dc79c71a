//! Removing a member.

use super::departure::{changeable_role, depart};
use crate::authorisation::{demand, demand_within};
use crate::{TeamChanges, UseCaseError};
use domain::access::{Actor, Permission};
use domain::ids::{TeamId, UserId};

#[cfg(test)]
mod tests;

/// Removes a member.
#[derive(Clone)]
pub struct RemoveMember {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
}

impl RemoveMember {
    /// Demands `member.manage`, and everything that the member's role allows (`rights-exceeded`).
    /// `owner-is-fixed` for the owner. The tokens that the member made in the team die with the
    /// membership; it commits only after what they are storing just now.
    #[tracing::instrument(name = "usecase.members.remove_member", skip_all)]
    pub async fn run(&self, actor: &Actor, team: TeamId, user: UserId) -> Result<(), UseCaseError> {
        let authorised = demand(actor, team, Permission::MemberManage)?;
        let (mut transaction, now) = self.changes.begin(&authorised).await?;
        let role = changeable_role(&mut *transaction, team, user).await?;
        demand_within(&now, role.permissions())?;
        depart(&mut *transaction, team, user).await?;
        let what = ("member.remove", user.to_string());
        self.changes
            .finish(transaction, &now, what, "read the member")
            .await
    }
}
