//! Asks, before anything is created, whether the name is free on the platform.

use crate::workflows::context::JobContext;
use crate::workflows::refusal::{failure_without_answer, not_done_after_read};
use crate::workflows::step::{NotDone, Output, ReadStep};
use async_trait::async_trait;
use domain::error_code::ErrorCode;

/// Fails the job when somebody on the platform uses the short domain.
pub(crate) struct CheckShortDomain;

#[async_trait]
impl ReadStep for CheckShortDomain {
    fn does(&self) -> &'static str {
        "asks whether the name is free; fails with `environment-name-taken`"
    }

    async fn read(&self, context: &JobContext<'_>) -> Result<Output, NotDone> {
        let environment = &context.environment();
        let is_free = context
            .platform
            .environments()
            .is_short_domain_free(
                &context.reference,
                &environment.short_domain,
                environment.region.clone(),
            )
            .await
            .map_err(|error| not_done_after_read(&error, context.settings))?;
        if is_free {
            Ok(None)
        } else {
            Err(NotDone::Failed(failure_without_answer(
                ErrorCode::EnvironmentNameTaken,
                "somebody on the platform uses this name; choose another one",
            )))
        }
    }
}
