//! Small stand-ins for ports that are easier to have than to mock: a clock that moves when it is told
//! to, ids in order, and a vault and seals that hide nothing.

use super::{beginning, team_key};
use crate::CredentialCustody;
use async_trait::async_trait;
use domain::SecretText;
use domain::audit::AuditSeal;
use domain::ports::{AuditSealer, Clock, IdSource, Instant, SealContext, SecretVault, VaultError};
use domain::sealed::{KeyOwner, SealedSecret, WrappedKey};
use jiff::Timestamp;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use uuid::Uuid;

/// A clock that stands still; sleeping on it moves it and returns at once.
#[derive(Default)]
pub(crate) struct HandClock(Mutex<Duration>);

impl HandClock {
    pub(crate) fn advance(&self, duration: Duration) {
        *self.0.lock().unwrap() += duration;
    }

    fn elapsed(&self) -> Duration {
        *self.0.lock().unwrap()
    }
}

#[async_trait]
impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        beginning().checked_add(self.elapsed()).unwrap()
    }

    fn instant(&self) -> Instant {
        // Not the same origin as the wall clock, and not zero: mixing them up must show.
        Instant(Duration::from_secs(500) + self.elapsed())
    }

    async fn sleep(&self, duration: Duration) {
        self.advance(duration);
    }
}

/// Identifiers in order, from a thousand on.
pub(crate) struct CountingIds(AtomicU64);

impl Default for CountingIds {
    fn default() -> Self {
        Self(AtomicU64::new(1_000))
    }
}

impl IdSource for CountingIds {
    fn uuid(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::SeqCst)))
    }
}

/// Seals audit lines by a sum that depends on every byte and on its place. Nobody needs a key to make
/// it, which no test minds.
pub(crate) struct FoldingSealer;

impl AuditSealer for FoldingSealer {
    fn seal(&self, previous: &[u8], line: &[u8]) -> AuditSeal {
        let length = u64::try_from(previous.len()).unwrap().to_be_bytes();
        let bytes = length.iter().chain(previous).chain(line);
        let sum = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
            (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        AuditSeal {
            key_id: "audit-1".to_owned(),
            mac: sum.to_be_bytes().to_vec(),
        }
    }

    fn is_right(&self, previous: &[u8], line: &[u8], seal: &AuditSeal) -> bool {
        self.seal(previous, line) == *seal
    }
}

/// Seals by writing down where the secret belongs; opens only there.
struct LabellingVault;

fn sealing_label(key: &WrappedKey, context: &SealContext) -> String {
    format!("{:?} {context:?} ", key.0)
}

impl SecretVault for LabellingVault {
    fn new_key(&self, _owner: KeyOwner) -> Result<WrappedKey, VaultError> {
        Ok(team_key())
    }

    fn rewrap(&self, _: &WrappedKey, _: KeyOwner) -> Result<Option<WrappedKey>, VaultError> {
        Ok(None)
    }

    fn active_master_key_id(&self) -> String {
        "master-1".to_owned()
    }

    fn seal(
        &self,
        key: &WrappedKey,
        context: &SealContext,
        secret: &SecretText,
    ) -> Result<SealedSecret, VaultError> {
        let text = sealing_label(key, context) + secret.expose();
        Ok(SealedSecret(text.into_bytes()))
    }

    fn open(
        &self,
        key: &WrappedKey,
        context: &SealContext,
        sealed: &SealedSecret,
    ) -> Result<SecretText, VaultError> {
        let text = String::from_utf8(sealed.0.clone()).map_err(|_| VaultError)?;
        let secret = text.strip_prefix(&sealing_label(key, context));
        secret
            .map(|secret| SecretText::new(secret.to_owned()))
            .ok_or(VaultError)
    }
}

pub(crate) fn custody() -> CredentialCustody {
    CredentialCustody::new(Arc::new(LabellingVault))
}
