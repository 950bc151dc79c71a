//! An open transaction as the ports see it: all stores on one session.

use crate::queue::hold::HeldRow;
use crate::queue::pending::PendingChanges;
use crate::session::Session;
use crate::stores::audit::{AuditTrail, write_audit_events};
use crate::stores::team_events::write_told;
use async_trait::async_trait;
use domain::ports::{
    AccessStore, ApiTokenStore, AuditSealer, AuditStore, CommitError, EnvironmentStore,
    HeldTransaction, IdempotencyStore, InvitationStore, JobHold, JobJournal, JobStore, KeyStore,
    LoginThrottleStore, MembershipStore, PauseStore, PeopleStore, PlatformAccountStore,
    ReconciliationStore, RoleStore, TeamStore, Transaction, UserSessionStore, WebhookStore,
};
use std::sync::Arc;

/// A transaction.
pub(crate) struct Open {
    session: Session,
    audit: AuditTrail,
}

impl Open {
    pub(crate) fn new(session: Session, sealer: Arc<dyn AuditSealer>) -> Self {
        Self {
            session,
            audit: AuditTrail::new(sealer),
        }
    }
}

#[async_trait]
impl Transaction for Open {
    fn access(&mut self) -> &mut dyn AccessStore {
        &mut self.session
    }
    fn people(&mut self) -> &mut dyn PeopleStore {
        &mut self.session
    }
    fn user_sessions(&mut self) -> &mut dyn UserSessionStore {
        &mut self.session
    }
    fn login_throttle(&mut self) -> &mut dyn LoginThrottleStore {
        &mut self.session
    }
    fn memberships(&mut self) -> &mut dyn MembershipStore {
        &mut self.session
    }
    fn roles(&mut self) -> &mut dyn RoleStore {
        &mut self.session
    }
    fn invitations(&mut self) -> &mut dyn InvitationStore {
        &mut self.session
    }
    fn keys(&mut self) -> &mut dyn KeyStore {
        &mut self.session
    }
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
    fn reconciliation(&mut self) -> &mut dyn ReconciliationStore {
        &mut self.session
    }
    fn jobs(&mut self) -> &mut dyn JobStore {
        &mut self.session
    }
    fn pauses(&mut self) -> &mut dyn PauseStore {
        &mut self.session
    }
    fn idempotency(&mut self) -> &mut dyn IdempotencyStore {
        &mut self.session
    }
    fn webhooks(&mut self) -> &mut dyn WebhookStore {
        &mut self.session
    }
    fn audit(&mut self) -> &mut dyn AuditStore {
        &mut self.audit
    }
    #[tracing::instrument(name = "store.transaction.commit", level = "debug", skip_all)]
    async fn commit(mut self: Box<Self>) -> Result<(), CommitError> {
        write_told(&mut self.session)
            .await
            .map_err(CommitError::RolledBack)?;
        write_audit_events(&mut self.session, self.audit)
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
    changes: PendingChanges,
}

impl Held {
    pub(crate) fn new(open: Open, hold: JobHold, row: HeldRow) -> Self {
        Self {
            open,
            hold,
            row,
            changes: PendingChanges::default(),
        }
    }

    /// The session, the hold, and what the queue says about the job: all fixed until the commit.
    pub(crate) fn parts(&mut self) -> (&mut Session, JobHold, HeldRow) {
        (&mut self.open.session, self.hold, self.row)
    }

    /// What is still to be written into the job's row.
    pub(crate) fn changes(&mut self) -> &mut PendingChanges {
        &mut self.changes
    }
}

#[async_trait]
impl Transaction for Held {
    fn access(&mut self) -> &mut dyn AccessStore {
        self.open.access()
    }
    fn people(&mut self) -> &mut dyn PeopleStore {
        self.open.people()
    }
    fn user_sessions(&mut self) -> &mut dyn UserSessionStore {
        self.open.user_sessions()
    }
    fn login_throttle(&mut self) -> &mut dyn LoginThrottleStore {
        self.open.login_throttle()
    }
    fn memberships(&mut self) -> &mut dyn MembershipStore {
        self.open.memberships()
    }
    fn roles(&mut self) -> &mut dyn RoleStore {
        self.open.roles()
    }
    fn invitations(&mut self) -> &mut dyn InvitationStore {
        self.open.invitations()
    }
    fn keys(&mut self) -> &mut dyn KeyStore {
        self.open.keys()
    }
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
    fn reconciliation(&mut self) -> &mut dyn ReconciliationStore {
        self.open.reconciliation()
    }
    fn jobs(&mut self) -> &mut dyn JobStore {
        self.open.jobs()
    }
    fn pauses(&mut self) -> &mut dyn PauseStore {
        self.open.pauses()
    }
    fn idempotency(&mut self) -> &mut dyn IdempotencyStore {
        self.open.idempotency()
    }
    fn webhooks(&mut self) -> &mut dyn WebhookStore {
        self.open.webhooks()
    }
    fn audit(&mut self) -> &mut dyn AuditStore {
        self.open.audit()
    }
    async fn commit(mut self: Box<Self>) -> Result<(), CommitError> {
        self.changes
            .write(&mut self.open.session, (self.hold, self.row))
            .await
            .map_err(CommitError::RolledBack)?;
        Box::new(self.open).commit().await
    }
}

impl HeldTransaction for Held {
    fn journal(&mut self) -> &mut dyn JobJournal {
        self
    }
}
