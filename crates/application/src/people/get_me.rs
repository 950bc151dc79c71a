//! Telling callers who they are.

use crate::UseCaseError;
use domain::access::{Actor, Person, Role};
use domain::ids::TeamId;
use domain::limits::PAGE_SIZE_MAX;
use domain::page::{Page, PageRequest};
use domain::ports::ReadModel;
use domain::team::Team;
use std::sync::Arc;

/// What a person is shown about themselves besides what their session tells.
#[derive(Debug, Clone)]
pub struct PersonOverview {
    /// The first of their teams, with their role in each.
    pub teams: Page<(Team, Role), TeamId>,
    /// Recovery codes that they have not used yet.
    pub unused_recovery_codes: i64,
}

/// Shows who the caller is.
#[derive(Clone)]
pub struct GetMe {
    /// Our own projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl GetMe {
    /// The teams and codes of a person; as many teams as a page can have.
    pub async fn of_person(&self, person: &Person) -> Result<PersonOverview, UseCaseError> {
        let user = person.user.id;
        let page = PageRequest::new(PAGE_SIZE_MAX, None);
        let teams = self.read_model.list_teams_of_user(user, page).await?;
        Ok(PersonOverview {
            teams,
            unused_recovery_codes: self.read_model.count_recovery_codes(user).await?,
        })
    }

    /// The team of a token.
    pub async fn of_token(&self, actor: &Actor) -> Result<Team, UseCaseError> {
        let team = self.read_model.find_team(actor.team_id()).await?;
        team.ok_or_else(UseCaseError::not_found)
    }
}
