//! Transactions. A remote call is never made while one is open.

use super::{
    AccessStore, ApiTokenStore, AuditStore, CommitError, EnvironmentStore, HoldError,
    IdempotencyStore, InvitationStore, JobHold, JobJournal, JobStore, KeyStore, LoginThrottleStore,
    MembershipStore, PauseStore, PeopleStore, PlatformAccountStore, ReconciliationStore, RoleStore,
    StoreError, TeamStore, UserSessionStore, WebhookStore,
};
use async_trait::async_trait;

/// Who goes first where writers queue up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WritePriority {
    /// A running job: it holds leases and turns, so it goes first.
    Worker,
    /// A person or program waiting for an answer.
    Interactive,
}

/// Begins transactions.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait UnitOfWork: Send + Sync {
    /// Begins a transaction. Waits a bounded time for its turn, then fails with
    /// [`StoreError::Busy`]. Dropping the transaction without committing rolls it back. A task must
    /// not begin a second transaction while it holds one.
    async fn begin(&self, priority: WritePriority) -> Result<Box<dyn Transaction>, StoreError>;

    /// Begins a transaction of a running job. Its first statement renews the lease on the very row
    /// that a claimer would update, testing the fence: whoever commits holds the job, and nobody can
    /// take it over until this transaction ends. [`HoldError::Lost`] when somebody else did.
    async fn begin_held(&self, hold: &JobHold) -> Result<Box<dyn HeldTransaction>, HoldError>;
}

/// An open transaction: all of it is stored by `commit`, or nothing.
#[async_trait]
pub trait Transaction: Send {
    /// Rights under a lock.
    fn access(&mut self) -> &mut dyn AccessStore;
    /// People.
    fn people(&mut self) -> &mut dyn PeopleStore;
    /// Browser sessions.
    fn user_sessions(&mut self) -> &mut dyn UserSessionStore;
    /// Counters of attempts.
    fn login_throttle(&mut self) -> &mut dyn LoginThrottleStore;
    /// Teams and their keys.
    fn teams(&mut self) -> &mut dyn TeamStore;
    /// Who belongs to which team.
    fn memberships(&mut self) -> &mut dyn MembershipStore;
    /// Roles.
    fn roles(&mut self) -> &mut dyn RoleStore;
    /// Invitations.
    fn invitations(&mut self) -> &mut dyn InvitationStore;
    /// Wrapped keys of all owners.
    fn keys(&mut self) -> &mut dyn KeyStore;
    /// API tokens.
    fn api_tokens(&mut self) -> &mut dyn ApiTokenStore;
    /// Platform accounts and their sessions.
    fn platform_accounts(&mut self) -> &mut dyn PlatformAccountStore;
    /// Environments, their nodes and what is installed in them.
    fn environments(&mut self) -> &mut dyn EnvironmentStore;
    /// Syncs and what they found.
    fn reconciliation(&mut self) -> &mut dyn ReconciliationStore;
    /// Accepting and cancelling jobs.
    fn jobs(&mut self) -> &mut dyn JobStore;
    /// Pauses of teams and platforms.
    fn pauses(&mut self) -> &mut dyn PauseStore;
    /// Remembered requests.
    fn idempotency(&mut self) -> &mut dyn IdempotencyStore;
    /// Webhooks and what is on its way to them.
    fn webhooks(&mut self) -> &mut dyn WebhookStore;
    /// The audit trail.
    fn audit(&mut self) -> &mut dyn AuditStore;
    /// Stores everything durably, or says why not.
    async fn commit(self: Box<Self>) -> Result<(), CommitError>;
}

/// A transaction of a running job; the only way to write its journal.
pub trait HeldTransaction: Transaction {
    /// The journal, state and log of the held job.
    fn journal(&mut self) -> &mut dyn JobJournal;
}
