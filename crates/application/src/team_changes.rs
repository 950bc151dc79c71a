//! What every change of a team's people and rights has in common: it begins with the rights read again
//! and ends with its line in the audit trail.

use crate::UseCaseError;
use crate::authorisation::{Authorised, begin_as_person_anew, demand_in_person};
use domain::access::{Actor, Person};
use domain::audit::AuditEvent;
use domain::error_code::ErrorCode;
use domain::ids::{AuditEventId, EntityId};
use domain::ports::{Clock, IdSource, Transaction, UnitOfWork, new_id};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;

/// Begins and ends changes of a team's people and rights.
#[derive(Clone)]
pub struct TeamChanges {
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// Identifiers.
    pub ids: Arc<dyn IdSource>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

impl TeamChanges {
    /// A transaction, and the caller as they are now.
    pub(crate) async fn begin(
        &self,
        authorised: &Authorised<'_>,
    ) -> Result<(Box<dyn Transaction>, Actor), UseCaseError> {
        authorised
            .begin_anew(&*self.unit_of_work, &*self.clock)
            .await
    }

    /// The same for what members do in person about their own place in the team.
    pub(crate) async fn begin_in_person(
        &self,
        authorised: &Authorised<'_>,
    ) -> Result<(Box<dyn Transaction>, Actor), UseCaseError> {
        demand_in_person(authorised.actor())?;
        let (transaction, now) = self.begin(authorised).await?;
        demand_in_person(&now)?;
        Ok((transaction, now))
    }

    /// A transaction of a person apart from any team, and the person as they are now.
    pub(crate) async fn begin_as_person(
        &self,
        person: &Person,
    ) -> Result<(Box<dyn Transaction>, Person), UseCaseError> {
        begin_as_person_anew(person, &*self.unit_of_work, &*self.clock).await
    }

    /// Writes down what the caller did and stores everything. `advice` says what to read when nobody
    /// knows whether it was stored.
    pub(crate) async fn finish(
        &self,
        transaction: Box<dyn Transaction>,
        actor: &Actor,
        (action, target): (&str, impl Into<String>),
        advice: &str,
    ) -> Result<(), UseCaseError> {
        let event = AuditEvent::accepted(self.new_id(), actor, action, target);
        finish_with(transaction, event, advice).await
    }

    /// What a person did, for a trail.
    pub(crate) fn event_of_person(
        &self,
        person: &Person,
        action: &str,
        target: impl Into<String>,
    ) -> AuditEvent {
        AuditEvent::by_person(self.new_id::<AuditEventId>(), person, action, target)
    }

    /// A fresh identifier.
    pub(crate) fn new_id<Id: EntityId>(&self) -> Id {
        new_id(&*self.ids)
    }

    /// Now.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// When something ends that lives so long from now on.
    pub(crate) fn end_of(&self, lifetime: Duration) -> Timestamp {
        self.now().checked_add(lifetime).unwrap_or(Timestamp::MAX)
    }
}

/// `precondition-failed` when the caller insists on another version than the one that is there.
pub(crate) fn demand_version(expected: Option<i64>, version: i64) -> Result<(), UseCaseError> {
    if expected.is_none_or(|expected| expected == version) {
        return Ok(());
    }
    Err(UseCaseError::new(
        ErrorCode::PreconditionFailed,
        "it was changed meanwhile; read it again, and decide anew",
    ))
}

/// Writes the line and stores everything.
pub(crate) async fn finish_with(
    mut transaction: Box<dyn Transaction>,
    event: AuditEvent,
    advice: &str,
) -> Result<(), UseCaseError> {
    transaction.audit().append_audit_event(&event).await?;
    let committed = transaction.commit().await;
    committed.map_err(|error| UseCaseError::from_commit(error, advice))
}
