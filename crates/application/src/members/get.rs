//! One member of a team.

use crate::UseCaseError;
use crate::authorisation::demand;
use domain::access::{Actor, Permission};
use domain::ids::{TeamId, UserId};
use domain::ports::ReadModel;
use domain::team::Member;
use std::sync::Arc;

/// Reads one member.
#[derive(Clone)]
pub struct GetMember {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl GetMember {
    /// Demands `team.view`. Somebody who is no member is not found, whoever they are.
    #[tracing::instrument(name = "usecase.members.get_member", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        user: UserId,
    ) -> Result<Member, UseCaseError> {
        demand(actor, team, Permission::TeamView)?;
        let found = self.read_model.find_member(team, user).await?;
        found.ok_or_else(UseCaseError::not_found)
    }
}
