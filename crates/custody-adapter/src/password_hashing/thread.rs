//! The threads that hash. Each takes work from one queue, does it in memory that it keeps for as long as
//! it lives, and wipes it behind every password.

use super::stored_form::{Costs, StoredForm};
use argon2::{Algorithm, Argon2, Block, Version};
use domain::SecretText;
use domain::people::PasswordHash;
use domain::ports::{PasswordHashError, PasswordVerdict};
use futures::channel::oneshot;
use std::io;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize, Zeroizing};

/// A password, and what is wanted of it.
pub(super) struct Task {
    pub(super) password: SecretText,
    pub(super) work: Work,
}

type Answer<Value> = oneshot::Sender<Result<Value, PasswordHashError>>;

/// What is wanted, and where the answer goes.
pub(super) enum Work {
    Hash {
        answer: Answer<PasswordHash>,
    },
    Verify {
        stored: PasswordHash,
        answer: Answer<PasswordVerdict>,
    },
}

impl Work {
    fn is_awaited(&self) -> bool {
        match self {
            Self::Hash { answer } => !answer.is_canceled(),
            Self::Verify { answer, .. } => !answer.is_canceled(),
        }
    }
}

/// How many passwords are being hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordLoad {
    /// Just now.
    pub running: usize,
    /// Those that wait for a thread.
    pub waiting: usize,
    /// The most there ever were at a time.
    pub running_max: usize,
    /// Hashes that were begun.
    pub begun: u64,
    /// Hashes that came to their end.
    pub ended: u64,
}

/// The counters behind [`PasswordLoad`].
#[derive(Debug, Default)]
pub(super) struct Load {
    running: AtomicUsize,
    waiting: AtomicUsize,
    running_max: AtomicUsize,
    begun: AtomicU64,
    ended: AtomicU64,
}

impl Load {
    pub(super) fn read(&self) -> PasswordLoad {
        PasswordLoad {
            running: self.running.load(Ordering::SeqCst),
            waiting: self.waiting.load(Ordering::SeqCst),
            running_max: self.running_max.load(Ordering::SeqCst),
            begun: self.begun.load(Ordering::SeqCst),
            ended: self.ended.load(Ordering::SeqCst),
        }
    }

    /// Somebody asks.
    pub(super) fn come(&self) {
        self.waiting.fetch_add(1, Ordering::SeqCst);
    }

    /// Somebody's turn has come, or they were turned away.
    pub(super) fn go(&self) {
        self.waiting.fetch_sub(1, Ordering::SeqCst);
    }

    fn count<Value>(&self, hashing: impl FnOnce() -> Value) -> Value {
        self.begun.fetch_add(1, Ordering::SeqCst);
        let running = self.running.fetch_add(1, Ordering::SeqCst) + 1;
        self.running_max.fetch_max(running, Ordering::SeqCst);
        let value = hashing();
        self.running.fetch_sub(1, Ordering::SeqCst);
        self.ended.fetch_add(1, Ordering::SeqCst);
        value
    }
}

/// Starts `count` threads on one queue of `queue_length`. They end when the queue does.
pub(super) fn start(
    count: usize,
    queue_length: usize,
    costs: Costs,
    load: &Arc<Load>,
) -> io::Result<SyncSender<Task>> {
    let (sender, receiver) = sync_channel(queue_length);
    let receiver = Arc::new(Mutex::new(receiver));
    for number in 0..count {
        let hashing = Hashing::new(costs, load);
        let receiver = Arc::clone(&receiver);
        thread::Builder::new()
            .name(format!("passwords-{number}"))
            .spawn(move || hashing.run(&receiver))?;
    }
    Ok(sender)
}

fn memory_blocks(costs: Costs) -> usize {
    costs.as_params().map_or(0, |params| params.block_count())
}

/// What one thread works with.
pub(super) struct Hashing {
    costs: Costs,
    memory: Vec<Block>,
    load: Arc<Load>,
}

impl Hashing {
    /// The memory is set aside now: later there may be none, and nobody could sign in.
    pub(super) fn new(costs: Costs, load: &Arc<Load>) -> Self {
        Self {
            costs,
            memory: vec![Block::default(); memory_blocks(costs)],
            load: Arc::clone(load),
        }
    }

    /// Does what comes in the queue, until that ends.
    pub(super) fn run(mut self, queue: &Mutex<Receiver<Task>>) {
        // One thread waits at the queue, the other one at the lock: nothing panics while it is held.
        let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        while let Ok(task) = next() {
            self.load.go();
            if task.work.is_awaited() {
                self.perform(task);
            }
        }
    }

    /// Whether anybody still waits for the answer does not matter once it has begun.
    fn perform(&mut self, task: Task) {
        let password = task.password;
        match task.work {
            Work::Hash { answer } => answer.send(self.hash(&password)).is_ok(),
            Work::Verify { stored, answer } => answer.send(self.verify(&password, &stored)).is_ok(),
        };
    }

    fn hash(&mut self, password: &SecretText) -> Result<PasswordHash, PasswordHashError> {
        let mut form = StoredForm::unhashed(self.costs).map_err(|_| PasswordHashError::Failed)?;
        self.compute(password, form.salt.as_ref(), form.costs, &mut form.hash)?;
        Ok(form.render())
    }

    fn verify(
        &mut self,
        password: &SecretText,
        stored: &PasswordHash,
    ) -> Result<PasswordVerdict, PasswordHashError> {
        let form = StoredForm::parse(stored)?;
        let mut hash = Zeroizing::new([0; 32]);
        self.compute(
            password,
            form.salt.as_ref(),
            form.costs,
            hash.as_mut_slice(),
        )?;
        if bool::from(hash.ct_eq(&form.hash)) {
            Ok(PasswordVerdict::Right {
                is_outdated: form.costs != self.costs,
            })
        } else {
            Ok(PasswordVerdict::Wrong)
        }
    }

    fn compute(
        &mut self,
        password: &SecretText,
        salt: &[u8],
        costs: Costs,
        hash: &mut [u8],
    ) -> Result<(), PasswordHashError> {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, costs.as_params()?);
        // Stored under higher costs than today's: rare, and bounded when it was read.
        let blocks = memory_blocks(costs);
        if blocks > self.memory.len() {
            self.memory.resize(blocks, Block::default());
        }
        let memory = &mut self.memory[..blocks];
        self.load.count(|| {
            let outcome = argon2.hash_password_into_with_memory(
                password.expose().as_bytes(),
                salt,
                hash,
                &mut *memory,
            );
            memory.iter_mut().for_each(Zeroize::zeroize);
            outcome.map_err(|_| PasswordHashError::Failed)
        })
    }
}
