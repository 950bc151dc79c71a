//! Whether the environment runs, stands still or sleeps.

use super::{DesiredState, find_environment};
use crate::workflows::context::JobContext;
use crate::workflows::refusal::failure_without_answer;
use crate::workflows::settings::WorkflowSettings;
use crate::workflows::step::NotDone;
use async_trait::async_trait;
use domain::environment::ObservedState;
use domain::error_code::ErrorCode;
use domain::job::WaitReason;
use domain::ports::{MutationOutcome, MutationTicket};
use std::time::Duration;

#[cfg(test)]
mod tests;

/// What the environment of the job shall be doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Power {
    Running,
    Stopped,
    Sleeping,
}

impl Power {
    fn state(self) -> ObservedState {
        match self {
            Self::Running => ObservedState::Running,
            Self::Stopped => ObservedState::Stopped,
            Self::Sleeping => ObservedState::Sleeping,
        }
    }
}

#[async_trait]
impl DesiredState for Power {
    fn does(&self) -> &'static str {
        match self {
            Self::Running => "starts it unless it runs; fails with `environment-broken`",
            Self::Stopped => {
                "stops it unless it stands; fails with `environment-not-running` when it sleeps"
            }
            Self::Sleeping => {
                "puts it to sleep unless it sleeps; fails with `environment-not-running` when it is stopped"
            }
        }
    }

    /// The state, as text.
    type Seen = String;

    fn answer_within(&self, settings: &WorkflowSettings) -> Duration {
        settings.answer_within_long
    }

    async fn look(&self, context: &JobContext<'_>) -> Result<String, NotDone> {
        let found = find_environment(context).await?;
        Ok(found.state.as_str().to_owned())
    }

    fn is_reached(&self, seen: &String) -> bool {
        *seen == self.state().as_str()
    }

    async fn check(&self, context: &JobContext<'_>, seen: &String) -> Result<(), NotDone> {
        let refuse =
            |code, detail: String| Err(NotDone::Failed(failure_without_answer(code, detail)));
        match (self, ObservedState::parse(seen)) {
            (_, Some(ObservedState::Changing)) => Err(NotDone::Later {
                reason: WaitReason::PlatformWork,
                after: context.settings.poll_interval,
                detail: "the platform is changing the environment".to_owned(),
            }),
            (_, None | Some(ObservedState::Broken)) => refuse(
                ErrorCode::EnvironmentBroken,
                "the platform says that the environment is broken".to_owned(),
            ),
            // The platform stops what runs, and nothing else.
            (Self::Stopped | Self::Sleeping, Some(state)) if state != ObservedState::Running => {
                refuse(
                    ErrorCode::EnvironmentNotRunning,
                    format!("the environment is {}, not running", state.as_str()),
                )
            }
            _ => Ok(()),
        }
    }

    async fn ask(
        &self,
        context: &JobContext<'_>,
        ticket: MutationTicket,
    ) -> Result<MutationOutcome<()>, NotDone> {
        let life_cycle = context.platform.life_cycle();
        let (account, short_domain) = (&context.reference, &context.environment().short_domain);
        Ok(match self {
            Self::Running => {
                life_cycle
                    .start_environment(account, ticket, short_domain)
                    .await
            }
            Self::Stopped => {
                life_cycle
                    .stop_environment(account, ticket, short_domain)
                    .await
            }
            Self::Sleeping => {
                life_cycle
                    .put_environment_to_sleep(account, ticket, short_domain)
                    .await
            }
        })
    }
}
