//! Passwords: argon2id on two threads of their own. Whoever asks and however many, no more than two
//! hashes are computed at a time, in memory that is set aside once. It knows no async runtime.

mod stored_form;
mod thread;
mod weakness;

use crate::key::NoRandomness;
use async_trait::async_trait;
use domain::SecretText;
use domain::people::PasswordHash;
use domain::ports::{PasswordHashError, PasswordHasher, PasswordVerdict};
use futures::channel::oneshot;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError};
use stored_form::{Costs, StoredForm};
use thread::{Load, Task, Work};

#[cfg(test)]
mod tests;

pub use thread::PasswordLoad;

/// A hash takes a core and 19 MiB for some 25 ms: two leave a machine of two cores responsive under
/// a flood of sign-ins, and 80 of them a second are more than an installation needs.
const THREADS: usize = 2;
/// Waits of under a second; who comes later is told to come again.
const QUEUE_LENGTH: usize = 64;

/// Why passwords cannot be hashed.
#[derive(Debug, thiserror::Error)]
pub enum PasswordHashingError {
    /// No thread.
    #[error("the threads that hash passwords cannot be started")]
    Threads(#[source] io::Error),
    /// No salt for what is compared with where there is no account.
    #[error(transparent)]
    Random(#[from] NoRandomness),
}

/// Hashes passwords. The threads end when it is dropped and the last hash is done.
pub struct PasswordThreads {
    queue: SyncSender<Task>,
    load: Arc<Load>,
    /// What a password is compared with where there is nothing to compare it with.
    nobodys: PasswordHash,
}

impl PasswordThreads {
    /// Starts the threads.
    pub fn start() -> Result<Self, PasswordHashingError> {
        Self::start_with(Costs::PRESENT)
    }

    fn start_with(costs: Costs) -> Result<Self, PasswordHashingError> {
        let load = Arc::new(Load::default());
        let queue = thread::start(THREADS, QUEUE_LENGTH, costs, &load)
            .map_err(PasswordHashingError::Threads)?;
        Ok(Self {
            queue,
            load,
            nobodys: StoredForm::of_nobody(costs)?.render(),
        })
    }

    /// How much is being done, and was.
    pub fn load(&self) -> PasswordLoad {
        self.load.read()
    }

    /// Queues the work and waits for its end. Who stops waiting changes nothing about work that has
    /// begun; what nobody waits for any more is not begun.
    async fn perform<Answer: Send + 'static>(
        &self,
        password: SecretText,
        work: impl FnOnce(oneshot::Sender<Result<Answer, PasswordHashError>>) -> Work,
    ) -> Result<Answer, PasswordHashError> {
        let (sender, receiver) = oneshot::channel();
        let task = Task {
            password,
            work: work(sender),
        };
        self.load.come();
        self.queue.try_send(task).map_err(|error| {
            self.load.go();
            match error {
                TrySendError::Full(_) => PasswordHashError::Busy,
                TrySendError::Disconnected(_) => PasswordHashError::Failed,
            }
        })?;
        receiver.await.unwrap_or(Err(PasswordHashError::Failed))
    }
}

#[async_trait]
impl PasswordHasher for PasswordThreads {
    async fn hash(&self, password: SecretText) -> Result<PasswordHash, PasswordHashError> {
        self.perform(password, |answer| Work::Hash { answer }).await
    }

    async fn verify(
        &self,
        password: SecretText,
        stored: Option<PasswordHash>,
    ) -> Result<PasswordVerdict, PasswordHashError> {
        // The same way with and without an account: only what is compared with differs.
        let stored = stored.unwrap_or_else(|| self.nobodys.clone());
        self.perform(password, |answer| Work::Verify { stored, answer })
            .await
    }

    fn weakness(&self, password: &SecretText, known: &[String]) -> Option<String> {
        weakness::of(password.expose(), known)
    }
}
