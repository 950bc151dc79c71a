//! An open transaction as the ports see it: all stores on one session.

use crate::queue::hold::HeldRow;
use crate::session::Session;
use crate::stores::audit::{AuditTrail, write_audit_events};
use async_trait::async_trait;
use domain::ports::{
    ApiTokenStore, AuditStore, CommitError, EnvironmentStore, HeldTransaction, IdempotencyStore,
    JobHold, JobJournal, JobStore, PlatformAccountStore, TeamStore, Transaction,
};

/// A transaction.
pub(crate) struct Open {
    session: Session,
    audit: AuditTrail,
}

impl Open {
    pub(crate) fn new(session: Session) -> Self {
        Self {
            session,
            audit: AuditTrail::default(),
        }
    }
}

#[async_trait]
impl Transaction for Open {
    fn teams(&mut self) -> &mut dyn TeamStore {
        &mut self.session
    }
    fn api_tokens(&mut self) -> &mut dyn ApiTokenStore {
        &mut self.session
    }
    fn platform_accounts(&mut self) -> &mut dyn PlatformAccountStore {
        &mut self.session
    }
    fn environments(&mut self) -> &mut dyn EnvironmentStore {
        &mut self.session
    }
    fn jobs(&mut self) -> &mut dyn JobStore {
        &mut self.session
    }
    fn idempotency(&mut self) -> &mut dyn IdempotencyStore {
        &mut self.session
    }
    fn audit(&mut self) -> &mut dyn AuditStore {
        &mut self.audit
    }
    #[tracing::instrument(name = "store.transaction.commit", level = "debug", skip_all)]
    async fn commit(mut self: Box<Self>) -> Result<(), CommitError> {
        write_audit_events(&mut self.session, &self.audit)
            .await
            .map_err(CommitError::RolledBack)?;
        self.session.commit().await
    }
}

/// A transaction of a running job, whose row in the queue it has locked.
pub(crate) struct Held {
    open: Open,
    hold: JobHold,
    row: HeldRow,
}

impl Held {
    pub(crate) fn new(session: Session, hold: JobHold, row: HeldRow) -> Self {
        Self {
            open: Open::new(session),
            hold,
            row,
        }
    }

    /// The session, the hold, and what the queue says about the job: all fixed until the commit.
    pub(crate) fn parts(&mut self) -> (&mut Session, JobHold, HeldRow) {
        (&mut self.open.session, self.hold, self.row)
    }
}

#[async_trait]
impl Transaction for Held {
    fn teams(&mut self) -> &mut dyn TeamStore {
        self.open.teams()
    }
    fn api_tokens(&mut self) -> &mut dyn ApiTokenStore {
        self.open.api_tokens()
    }
    fn platform_accounts(&mut self) -> &mut dyn PlatformAccountStore {
        self.open.platform_accounts()
    }
    fn environments(&mut self) -> &mut dyn EnvironmentStore {
        self.open.environments()
    }
    fn jobs(&mut self) -> &mut dyn JobStore {
        self.open.jobs()
    }
    fn idempotency(&mut self) -> &mut dyn IdempotencyStore {
        self.open.idempotency()
    }
    fn audit(&mut self) -> &mut dyn AuditStore {
        self.open.audit()
    }
    async fn commit(self: Box<Self>) -> Result<(), CommitError> {
        Box::new(self.open).commit().await
    }
}

impl HeldTransaction for Held {
    fn journal(&mut self) -> &mut dyn JobJournal {
        self
    }
}
