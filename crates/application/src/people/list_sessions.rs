//! Showing people where they are signed in.

use crate::UseCaseError;
use domain::access::Person;
use domain::ids::UserSessionId;
use domain::page::{Page, PageRequest};
use domain::people::UserSession;
use domain::ports::ReadModel;
use std::sync::Arc;

/// Lists sessions.
#[derive(Clone)]
pub struct ListSessions {
    /// Our own projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl ListSessions {
    /// The person's living sessions, newest first.
    #[tracing::instrument(name = "usecase.people.list_sessions", skip_all)]
    pub async fn run(
        &self,
        person: &Person,
        page: PageRequest<UserSessionId>,
    ) -> Result<Page<UserSession, UserSessionId>, UseCaseError> {
        let sessions = self.read_model.list_user_sessions(person.user.id, page);
        Ok(sessions.await?)
    }
}
