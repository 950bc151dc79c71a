//! Ports in a few lines, for what generated mocks cannot do: wait.

use async_trait::async_trait;
use domain::SecretText;
use domain::ids::JobId;
use domain::ports::{
    EventBus, EventSubscription, HeldTransaction, HoldError, JobChanged, JobHold, MockTransaction,
    StoreError, TokenHasher, Transaction, UnitOfWork, VaultError, WritePriority,
};
use domain::team::TokenHash;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{broadcast, watch};

/// May do everything.
pub(crate) const GOOD_TOKEN: &str = "wdl_test_good";
/// Is good, and may do nothing.
pub(crate) const POOR_TOKEN: &str = "wdl_test_poor";

/// Knows the two tokens; its fingerprints depend on every byte, and on nothing secret.
pub(crate) struct FakeHasher;

impl TokenHasher for FakeHasher {
    fn new_api_token(&self) -> Result<(SecretText, TokenHash), VaultError> {
        Err(VaultError)
    }

    fn hashes_of(&self, token: &SecretText) -> Vec<TokenHash> {
        let token = token.expose();
        let is_known = token == GOOD_TOKEN || token == POOR_TOKEN;
        let hash = is_known.then(|| TokenHash {
            pepper_id: "pepper-1".to_owned(),
            mac: token.as_bytes().to_vec(),
        });
        hash.into_iter().collect()
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
