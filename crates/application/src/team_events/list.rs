//! The feed of a team.

use crate::UseCaseError;
use crate::authorisation::demand;
use domain::access::{Actor, Permission};
use domain::ids::TeamId;
use domain::page::{Page, PageRequest};
use domain::ports::{ReadModel, TeamEventFilter};
use domain::team_event::TeamEvent;
use std::sync::Arc;

/// Lists events.
#[derive(Clone)]
pub struct ListTeamEvents {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl ListTeamEvents {
    /// Demands `event.view`. Oldest first, in the order in which they become visible: whoever asks for what comes
    /// after the last one they saw misses nothing.
    #[tracing::instrument(name = "usecase.team_events.list_team_events", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        filter: TeamEventFilter,
        page: PageRequest<i64>,
    ) -> Result<Page<TeamEvent, i64>, UseCaseError> {
        demand(actor, team, Permission::EventView)?;
        Ok(self.read_model.list_team_events(team, filter, page).await?)
    }
}
