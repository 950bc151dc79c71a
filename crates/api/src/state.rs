//! What every handler is given.

use crate::problem::Problem;
use crate::settings::ApiSettings;
use crate::use_cases::UseCases;
use application::UseCaseError;
use domain::environment::Environment;
use domain::ids::TeamId;
use std::ops::Deref;
use std::sync::Arc;
use tracing::Instrument as _;

/// Shared by all requests.
#[derive(Clone)]
pub(crate) struct ApiState(Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) use_cases: UseCases,
    pub(crate) settings: ApiSettings,
}

impl Deref for ApiState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl ApiState {
    pub(crate) fn new(use_cases: UseCases, settings: ApiSettings) -> Self {
        Self(Arc::new(Shared {
            use_cases,
            settings,
        }))
    }

    /// Whether what is known of the environment is so old that it is said, and read anew soon.
    pub(crate) fn is_stale(&self, environment: &Environment) -> bool {
        !environment.state.is_final() && self.use_cases.syncs.hasten.is_stale(environment.synced_at)
    }

    /// Brings the team's next sync forward, beside the request: nobody who reads waits for it, and when it
    /// cannot be done, the sync comes at its time.
    pub(crate) fn hasten_sync(&self, team: TeamId) {
        let hasten = Arc::clone(&self.use_cases.syncs.hasten);
        if !hasten.is_wanted(team) {
            return;
        }
        let work = async move {
            if let Err(error) = hasten.run(team).await {
                tracing::debug!(error = %error, "a sync was not brought forward");
            }
        };
        self.settings.tasks.spawn(work.in_current_span());
    }

    /// Runs a mutation in a task of its own: when the client goes away or the request times out, the
    /// mutation still ends as it would have.
    pub(crate) async fn run_mutation<Outcome: Send + 'static>(
        &self,
        work: impl Future<Output = Result<Outcome, UseCaseError>> + Send + 'static,
    ) -> Result<Outcome, Problem> {
        let task = self.settings.tasks.spawn(work.in_current_span());
        match task.await {
            Ok(outcome) => outcome.map_err(Problem::from),
            Err(broken) => Err(Problem::internal(broken.to_string())),
        }
    }
}
