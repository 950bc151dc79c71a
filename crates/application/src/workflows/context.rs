//! What a step may use while it runs.

use super::journal::Journal;
use super::settings::WorkflowSettings;
use crate::CredentialCustody;
use domain::SecretText;
use domain::environment::Environment;
use domain::job::Job;
use domain::platform_account::{PlatformAccount, PlatformAccountRef};
use domain::ports::{Clock, HostingPlatform, IdSource, ReadModel, StoreError};

/// The job, what it is about, and the platform. Made anew for every step, so that a step never acts
/// on stale data.
pub struct JobContext<'a> {
    pub(crate) job: &'a Job,
    pub(crate) environment: Environment,
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
    /// What the account's platform wants to hear before it deletes the environment.
    pub(crate) async fn deletion_confirmation(
        &self,
    ) -> Result<Option<SecretText>, ConfirmationError> {
        let found = self
            .read_model
            .find_session(self.account.team_id, self.account.id)
            .await?;
        let (_, team_key) = found.ok_or(ConfirmationError::Unavailable)?;
        self.custody
            .deletion_confirmation(
                &team_key,
                &self.account,
                self.environment.short_domain.as_str(),
            )
            .map_err(|_| ConfirmationError::Unavailable)
    }
}
