//! Waits until the platform says that the environment runs, giving the worker back in between.

use crate::workflows::context::JobContext;
use crate::workflows::refusal::{failure_without_answer, not_done_after_read};
use crate::workflows::step::{NotDone, Output, ReadStep};
use async_trait::async_trait;
use domain::environment::ObservedState;
use domain::error_code::ErrorCode;
use domain::job::WaitReason;

/// Done when the environment runs; fails the job when it is broken or stands still.
pub(crate) struct WaitUntilRunning;

#[async_trait]
impl ReadStep for WaitUntilRunning {
    fn does(&self) -> &'static str {
        "looks until it runs; fails with `environment-broken`"
    }

    async fn read(&self, context: &JobContext<'_>) -> Result<Output, NotDone> {
        let found = context
            .platform
            .environments()
            .observe_environment(&context.reference, &context.environment().short_domain)
            .await
            .map_err(|error| not_done_after_read(&error, context.settings))?;
        match found.map(|found| found.state) {
            Some(ObservedState::Running) => Ok(None),
            // A new environment may become visible late.
            None | Some(ObservedState::Changing) => Err(NotDone::Later {
                reason: WaitReason::PlatformWork,
                after: context.settings.poll_interval,
                detail: "the environment is being built".to_owned(),
            }),
            Some(state) => Err(NotDone::Failed(failure_without_answer(
                ErrorCode::EnvironmentBroken,
                format!("the environment was created but is {}", state.as_str()),
            ))),
        }
    }
}
