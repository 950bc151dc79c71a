//! What every handler is given.

use crate::problem::Problem;
use crate::settings::ApiSettings;
use crate::use_cases::UseCases;
use application::UseCaseError;
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
