//! Ports in a few lines, for what generated mocks cannot do: wait.

use async_trait::async_trait;
use domain::SecretText;
use domain::ids::{JobId, TeamId};
use domain::people::TokenHash;
use domain::ports::{
    EventBus, EventSubscription, HeldTransaction, HoldError, JobChanged, JobHold, MockTransaction,
    RateLimiter, StoreError, TokenHasher, TokenKind, Transaction, UnitOfWork, VaultError,
    WritePriority,
};
use domain::rate_limit::{RateDemand, RateScope, RateStanding};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{broadcast, watch};

/// May do everything.
pub(crate) const GOOD_TOKEN: &str = "wdl_api_good";
/// Is good, and may do nothing.
pub(crate) const POOR_TOKEN: &str = "wdl_api_poor";

/// The cookie of a person who is the owner of the team.
pub(crate) const GOOD_SESSION: &str = "wdl_session_good";
/// The cookie of one of those who run the service, who is the owner of the team, too.
pub(crate) const OPERATOR_SESSION: &str = "wdl_session_operator";
/// The owner's again, who proved who they are long ago.
pub(crate) const OLD_SESSION: &str = "wdl_session_old";

/// Takes every token of the right kind; its fingerprints depend on every byte, and on nothing secret.
pub(crate) struct FakeHasher;

impl TokenHasher for FakeHasher {
    fn new_token(&self, kind: TokenKind) -> Result<(SecretText, TokenHash), VaultError> {
        let token = format!("wdl_{}_new", kind.as_str());
        let hash = TokenHash {
            pepper_id: "pepper-1".to_owned(),
            mac: token.as_bytes().to_vec(),
        };
        Ok((SecretText::new(token), hash))
    }

    fn hashes_of(&self, kind: TokenKind, token: &SecretText) -> Vec<TokenHash> {
        let token = token.expose();
        let is_known = token.starts_with(&format!("wdl_{}_", kind.as_str()));
        let hash = is_known.then(|| TokenHash {
            pepper_id: "pepper-1".to_owned(),
            mac: token.as_bytes().to_vec(),
        });
        hash.into_iter().collect()
    }

    fn new_webhook_secret(&self) -> Result<SecretText, VaultError> {
        Ok(SecretText::new("whsec_c2VjcmV0".to_owned()))
    }

    fn new_recovery_codes(&self, count: usize) -> Result<Vec<(SecretText, TokenHash)>, VaultError> {
        let code = |number: usize| {
            let text = format!("code-{number}");
            let mac = text.as_bytes().to_vec();
            let pepper_id = "pepper-1".to_owned();
            (SecretText::new(text), TokenHash { pepper_id, mac })
        };
        Ok((0..count).map(code).collect())
    }

    fn hashes_of_recovery_code(&self, code: &SecretText) -> Vec<TokenHash> {
        vec![TokenHash {
            pepper_id: "pepper-1".to_owned(),
            mac: code.expose().as_bytes().to_vec(),
        }]
    }

    fn csrf_token(&self, session: &SecretText) -> SecretText {
        SecretText::new(format!("csrf of {}", session.expose()))
    }

    fn is_csrf_token(&self, session: &SecretText, presented: &SecretText) -> bool {
        self.csrf_token(session).expose() == presented.expose()
    }

    fn fingerprint(&self, request: &[u8]) -> Vec<u8> {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut fingerprint = Vec::new();
        for round in 0..4_u8 {
            for byte in request.iter().chain([&round]) {
                hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
            }
            fingerprint.extend_from_slice(&hash.to_be_bytes());
        }
        fingerprint
    }
}

/// Spreads notices in this process.
pub(crate) struct TestBus {
    notices: broadcast::Sender<JobChanged>,
    /// Never wakes anybody, not even when the time is over.
    pub(crate) is_stuck: Mutex<bool>,
    pub(crate) subscriptions: AtomicUsize,
}

impl Default for TestBus {
    fn default() -> Self {
        Self {
            notices: broadcast::Sender::new(16),
            is_stuck: Mutex::new(false),
            subscriptions: AtomicUsize::new(0),
        }
    }
}

struct TestSubscription {
    notices: broadcast::Receiver<JobChanged>,
    is_stuck: bool,
}

#[async_trait]
impl EventBus for TestBus {
    async fn publish(&self, notice: JobChanged) {
        // Nobody may be listening.
        self.notices.send(notice).ok();
    }

    fn subscribe(&self) -> Box<dyn EventSubscription> {
        self.subscriptions.fetch_add(1, Ordering::SeqCst);
        Box::new(TestSubscription {
            notices: self.notices.subscribe(),
            is_stuck: *self.is_stuck.lock().expect("no panic while held"),
        })
    }
}

#[async_trait]
impl EventSubscription for TestSubscription {
    async fn changed(&mut self, _: JobId, at_most: Duration) {
        if self.is_stuck {
            std::future::pending::<()>().await;
        }
        tokio::time::timeout(at_most, self.notices.recv())
            .await
            .ok();
    }

    async fn team_changed(&mut self, _: TeamId, at_most: Duration) {
        tokio::time::timeout(at_most, self.notices.recv())
            .await
            .ok();
    }
}

/// Closed until a test opens it.
#[derive(Clone)]
pub(crate) struct Gate(watch::Sender<bool>);

impl Gate {
    pub(crate) fn closed() -> Self {
        Self(watch::Sender::new(false))
    }

    pub(crate) fn open(&self) {
        self.0.send_replace(true);
    }

    /// How many stand before it.
    pub(crate) fn waiting(&self) -> usize {
        self.0.receiver_count()
    }

    async fn pass(&self) {
        let mut state = self.0.subscribe();
        state
            .wait_for(|is_open| *is_open)
            .await
            .expect("we hold it");
    }
}

/// Gives out its one transaction when the gate opens.
pub(crate) struct GatedUnitOfWork {
    pub(crate) gate: Gate,
    pub(crate) transaction: Mutex<Option<MockTransaction>>,
}

#[async_trait]
impl UnitOfWork for GatedUnitOfWork {
    async fn begin(&self, _: WritePriority) -> Result<Box<dyn Transaction>, StoreError> {
        self.gate.pass().await;
        let transaction = self.transaction.lock().expect("no panic while held").take();
        Ok(Box::new(transaction.expect("begun once")))
    }

    async fn begin_held(&self, _: &JobHold) -> Result<Box<dyn HeldTransaction>, HoldError> {
        panic!("the API holds no jobs")
    }
}

/// Counts nothing; refuses what it was told to.
#[derive(Default)]
pub(crate) struct TestLimiter {
    refused: Mutex<Option<(RateScope, Duration)>>,
    asked: Mutex<Vec<RateDemand>>,
}

impl TestLimiter {
    pub(crate) fn refuse(&self, scope: RateScope, wait: Duration) {
        *self.refused.lock().expect("no panic while held") = Some((scope, wait));
    }

    /// What it was asked for.
    pub(crate) fn asked(&self) -> Vec<(RateScope, String)> {
        let asked = self.asked.lock().expect("no panic while held");
        asked
            .iter()
            .map(|demand| (demand.policy.scope, demand.subject.clone()))
            .collect()
    }
}

#[async_trait]
impl RateLimiter for TestLimiter {
    async fn take(&self, demands: &[RateDemand]) -> Vec<RateStanding> {
        let mut asked = self.asked.lock().expect("no panic while held");
        asked.extend_from_slice(demands);
        let refused = *self.refused.lock().expect("no panic while held");
        let standing = |demand: &RateDemand| match refused {
            Some((scope, wait)) if scope == demand.policy.scope => RateStanding {
                retry_after: Some(wait),
                ..demand.policy.counted(demand.policy.window)
            },
            _ => demand.policy.counted(demand.policy.interval()),
        };
        demands.iter().map(standing).collect()
    }
}
