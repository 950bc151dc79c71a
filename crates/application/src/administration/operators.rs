//! Who runs the service.

use super::{Administrator, audit_person, find_person, not_committed, read_person};
use crate::UseCaseError;
use domain::names::EmailAddress;
use domain::people::User;
use domain::ports::{IdSource, ReadModel, UnitOfWork, WritePriority};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// What becomes of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperatorChange {
    /// They run the service from now on.
    Grant,
    /// They do not any more.
    Revoke,
}

/// Makes people operators, and ends that.
#[derive(Clone)]
pub struct AppointOperator {
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// The teams of a person.
    pub read_model: Arc<dyn ReadModel>,
    /// Identifiers.
    pub ids: Arc<dyn IdSource>,
}

impl AppointOperator {
    /// Takes effect with the next request of the person. Idempotent; each use is audited.
    #[tracing::instrument(name = "usecase.administration.appoint_operator", skip_all)]
    pub async fn run(
        &self,
        administrator: &Administrator,
        email: &EmailAddress,
        change: OperatorChange,
    ) -> Result<(), UseCaseError> {
        let (user, teams) = find_person(&*self.unit_of_work, &*self.read_model, email).await?;
        let mut transaction = self.unit_of_work.begin(WritePriority::Interactive).await?;
        let found = read_person(&mut *transaction, user).await?;
        let (is_operator, action) = match change {
            OperatorChange::Grant => (true, "operator.grant"),
            OperatorChange::Revoke => (false, "operator.revoke"),
        };
        if found.is_operator != is_operator {
            let changed = User {
                is_operator,
                ..found
            };
            transaction.people().update_user(&changed).await?;
        }
        let about = (user, teams.as_slice());
        audit_person(&mut *transaction, &*self.ids, administrator, action, about).await?;
        transaction.commit().await.map_err(not_committed)
    }
}
