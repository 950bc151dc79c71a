//! Whether the principal of a job still has the rights that its request demanded.

use super::{Run, RunError, WorkflowRunner};
use crate::workflows::step::NotDone;
use domain::access::{AccessPolicy, AccessRecord, RequestOrigin};
use domain::error_code::ErrorCode;
use domain::job::JobFailure;
use domain::ports::{Transaction, new_id};

impl WorkflowRunner {
    /// Reads the rights and holds them until the transaction ends, so that no step begins after they
    /// were taken away. `Some` when they were: the job fails and Windlass takes back what it did. What
    /// Windlass does on its own needs no rights.
    pub(super) async fn lost_rights(
        &self,
        run: &Run<'_>,
        transaction: &mut dyn Transaction,
    ) -> Result<Option<NotDone>, RunError> {
        let Some(subject) = run.job.principal.subject() else {
            return Ok(None);
        };
        let team = run.job.team_id;
        let record = transaction
            .access()
            .lock_access(subject, Some(team))
            .await?;
        if record.is_some_and(|record| self.allows(run, &record)) {
            return Ok(None);
        }
        Ok(Some(NotDone::Failed(JobFailure {
            remaining: Vec::new(),
            code: ErrorCode::RightsRevoked,
            step: None,
            platform_code: None,
            is_retryable: false,
            detail: "what the job needs is not allowed any more to whom it works for".to_owned(),
        })))
    }

    fn allows(&self, run: &Run<'_>, record: &AccessRecord) -> bool {
        let origin = RequestOrigin {
            request_id: new_id(&*self.ids),
            client_address: None,
            user_agent: None,
        };
        let now = self.clock.now();
        record
            .actor(
                run.job.team_id,
                &AccessPolicy::ACCEPTED_WORK,
                now,
                None,
                origin,
            )
            .is_ok_and(|actor| {
                actor
                    .permissions()
                    .contains_all(run.job.required_permissions)
            })
    }
}
