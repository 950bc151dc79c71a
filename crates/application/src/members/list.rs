//! The members of a team.

use crate::UseCaseError;
use crate::authorisation::demand;
use domain::access::{Actor, Permission};
use domain::ids::{TeamId, UserId};
use domain::page::{Page, PageRequest};
use domain::ports::ReadModel;
use domain::team::Member;
use std::sync::Arc;

/// Lists members.
#[derive(Clone)]
pub struct ListMembers {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl ListMembers {
    /// Demands `team.view`.
    #[tracing::instrument(name = "usecase.members.list_members", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        page: PageRequest<UserId>,
    ) -> Result<Page<Member, UserId>, UseCaseError> {
        demand(actor, team, Permission::TeamView)?;
        Ok(self.read_model.list_members(team, page).await?)
    }
}
