//! What a step may use while it runs.

use super::journal::Journal;
use super::payloads::SealedVariables;
use super::refusal::failure_without_answer;
use super::settings::WorkflowSettings;
use super::step::NotDone;
use crate::CredentialCustody;
use domain::SecretText;
use domain::environment::Environment;
use domain::error_code::ErrorCode;
use domain::job::{Job, WaitReason};
use domain::names::VariableName;
use domain::platform_account::{PlatformAccount, PlatformAccountRef};
use domain::ports::{Clock, HostingPlatform, IdSource, ReadModel, StoreError};
use domain::sealed::{SealedSecret, WrappedKey};
use std::collections::BTreeMap;

/// The job, what it is about, and the platform. Made anew for every step, so that a step never acts
/// on stale data.
pub struct JobContext<'a> {
    pub(crate) job: &'a Job,
    /// What the job is about; none when it is about the whole team.
    pub(crate) environment: Option<Environment>,
    pub(crate) account: PlatformAccount,
    pub(crate) reference: PlatformAccountRef,
    pub(crate) journal: &'a Journal,
    pub(crate) platform: &'a dyn HostingPlatform,
    pub(crate) read_model: &'a dyn ReadModel,
    pub(crate) custody: &'a CredentialCustody,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) ids: &'a dyn IdSource,
    pub(crate) settings: &'a WorkflowSettings,
}

/// Why a deletion cannot be confirmed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfirmationError {
    #[error("the store failed")]
    Store(#[from] StoreError),
    #[error("the confirmation is not in custody")]
    Unavailable,
}

impl JobContext<'_> {
    /// What the job is about.
    ///
    /// # Panics
    /// When it is about the whole team. The runner begins no workflow about an environment without one.
    pub(crate) fn environment(&self) -> &Environment {
        self.environment
            .as_ref()
            .expect("a workflow about an environment has one")
    }

    /// What the account's platform wants to hear before it deletes the environment.
    pub(crate) async fn deletion_confirmation(
        &self,
    ) -> Result<Option<SecretText>, ConfirmationError> {
        let team_key = self.team_key().await?;
        let team_key = team_key.ok_or(ConfirmationError::Unavailable)?;
        self.custody
            .deletion_confirmation(
                &team_key,
                &self.account,
                self.environment().short_domain.as_str(),
            )
            .map_err(|_| ConfirmationError::Unavailable)
    }

    /// A secret that the job keeps sealed, for the one call or comparison that needs it.
    pub(crate) async fn open_job_secret(
        &self,
        sealed: &SealedSecret,
    ) -> Result<SecretText, NotDone> {
        let team_key = self.team_key().await.map_err(|error| NotDone::Later {
            reason: WaitReason::PlatformUnavailable,
            after: self.settings.poll_interval,
            detail: error.to_string(),
        })?;
        team_key
            .and_then(|key| {
                let (job, team) = (self.job.id, self.job.team_id);
                self.custody.open_job_secret(&key, job, team, sealed).ok()
            })
            .ok_or_else(|| {
                NotDone::Failed(failure_without_answer(
                    ErrorCode::InternalError,
                    "what the job keeps sealed cannot be opened",
                ))
            })
    }

    /// The same for variables.
    pub(crate) async fn open_variables(
        &self,
        sealed: &SealedVariables,
    ) -> Result<BTreeMap<VariableName, SecretText>, NotDone> {
        let text = self.open_job_secret(&sealed.secret()).await?;
        SealedVariables::read(&text).map_err(|_| {
            NotDone::Failed(failure_without_answer(
                ErrorCode::InternalError,
                "the sealed variables cannot be read",
            ))
        })
    }

    async fn team_key(&self) -> Result<Option<WrappedKey>, StoreError> {
        let found = self
            .read_model
            .find_session(self.account.team_id, self.account.id)
            .await?;
        Ok(found.map(|(_, team_key)| team_key))
    }
}
