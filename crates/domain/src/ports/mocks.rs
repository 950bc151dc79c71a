//! A transaction made of mocked stores. The other mocks are generated beside their ports.

use super::{
    AccessStore, ApiTokenStore, AuditStore, CommitError, EnvironmentStore, HeldTransaction,
    IdempotencyStore, InvitationStore, JobJournal, JobStore, KeyStore, LoginThrottleStore,
    MembershipStore, MockAccessStore, MockApiTokenStore, MockAuditStore, MockEnvironmentStore,
    MockIdempotencyStore, MockInvitationStore, MockJobJournal, MockJobStore, MockKeyStore,
    MockLoginThrottleStore, MockMembershipStore, MockPauseStore, MockPeopleStore,
    MockPlatformAccountStore, MockReconciliationStore, MockRoleStore, MockTeamStore,
    MockUserSessionStore, MockWebhookStore, PauseStore, PeopleStore, PlatformAccountStore,
    ReconciliationStore, RoleStore, TeamStore, Transaction, UserSessionStore, WebhookStore,
};
use async_trait::async_trait;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A transaction whose stores are mocks; every store that a test sets no expectation on panics when
/// it is used.
#[derive(Debug, Default)]
pub struct MockTransaction {
    /// Mocked store.
    pub access: MockAccessStore,
    /// Mocked store.
    pub people: MockPeopleStore,
    /// Mocked store.
    pub user_sessions: MockUserSessionStore,
    /// Mocked store.
    pub login_throttle: MockLoginThrottleStore,
    /// Mocked store.
    pub memberships: MockMembershipStore,
    /// Mocked store.
    pub roles: MockRoleStore,
    /// Mocked store.
    pub invitations: MockInvitationStore,
    /// Mocked store.
    pub keys: MockKeyStore,
    /// Mocked store.
    pub teams: MockTeamStore,
    /// Mocked store.
    pub api_tokens: MockApiTokenStore,
    /// Mocked store.
    pub platform_accounts: MockPlatformAccountStore,
    /// Mocked store.
    pub environments: MockEnvironmentStore,
    /// Mocked store.
    pub reconciliation: MockReconciliationStore,
    /// Mocked store.
    pub jobs: MockJobStore,
    /// Mocked store.
    pub pauses: MockPauseStore,
    /// Mocked store.
    pub idempotency: MockIdempotencyStore,
    /// Mocked store.
    pub webhooks: MockWebhookStore,
    /// Mocked store.
    pub audit: MockAuditStore,
    /// Mocked journal.
    pub journal: MockJobJournal,
    /// Counts commits; shared, so that a test can read it after the transaction is gone.
    pub commits: Arc<AtomicUsize>,
    /// What `commit` answers instead of success.
    pub commit_error: Option<CommitError>,
}

#[async_trait]
impl Transaction for MockTransaction {
    fn access(&mut self) -> &mut dyn AccessStore {
        &mut self.access
    }
    fn people(&mut self) -> &mut dyn PeopleStore {
        &mut self.people
    }
    fn user_sessions(&mut self) -> &mut dyn UserSessionStore {
        &mut self.user_sessions
    }
    fn login_throttle(&mut self) -> &mut dyn LoginThrottleStore {
        &mut self.login_throttle
    }
    fn memberships(&mut self) -> &mut dyn MembershipStore {
        &mut self.memberships
    }
    fn roles(&mut self) -> &mut dyn RoleStore {
        &mut self.roles
    }
    fn invitations(&mut self) -> &mut dyn InvitationStore {
        &mut self.invitations
    }
    fn keys(&mut self) -> &mut dyn KeyStore {
        &mut self.keys
    }
    fn teams(&mut self) -> &mut dyn TeamStore {
        &mut self.teams
    }
    fn api_tokens(&mut self) -> &mut dyn ApiTokenStore {
        &mut self.api_tokens
    }
    fn platform_accounts(&mut self) -> &mut dyn PlatformAccountStore {
        &mut self.platform_accounts
    }
    fn environments(&mut self) -> &mut dyn EnvironmentStore {
        &mut self.environments
    }
    fn reconciliation(&mut self) -> &mut dyn ReconciliationStore {
        &mut self.reconciliation
    }
    fn jobs(&mut self) -> &mut dyn JobStore {
        &mut self.jobs
    }
    fn pauses(&mut self) -> &mut dyn PauseStore {
        &mut self.pauses
    }
    fn idempotency(&mut self) -> &mut dyn IdempotencyStore {
        &mut self.idempotency
    }
    fn webhooks(&mut self) -> &mut dyn WebhookStore {
        &mut self.webhooks
    }
    fn audit(&mut self) -> &mut dyn AuditStore {
        &mut self.audit
    }
    async fn commit(self: Box<Self>) -> Result<(), CommitError> {
        self.commits.fetch_add(1, Ordering::SeqCst);
        self.commit_error.map_or(Ok(()), Err)
    }
}

impl HeldTransaction for MockTransaction {
    fn journal(&mut self) -> &mut dyn JobJournal {
        &mut self.journal
    }
}
