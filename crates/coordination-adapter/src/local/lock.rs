//! The lock of one process: a table of who has which scope until when.

use async_trait::async_trait;
use domain::ports::{CoordinationUnavailable, TeamLock, TeamLockGuard};
use domain::turn::TurnScope;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

#[derive(Default)]
struct Table {
    holders: HashMap<TurnScope, Holder>,
    tokens_given: u64,
}

#[derive(Clone, Copy)]
struct Holder {
    token: u64,
    until: Instant,
}

impl Table {
    fn take(&mut self, scopes: &[TurnScope], until: Instant) -> Option<u64> {
        let now = Instant::now();
        self.holders.retain(|_, holder| holder.until > now);
        if scopes.iter().any(|scope| self.holders.contains_key(scope)) {
            return None;
        }
        self.tokens_given += 1;
        let token = self.tokens_given;
        for scope in scopes {
            self.holders.insert(*scope, Holder { token, until });
        }
        Some(token)
    }

    fn extend(&mut self, scopes: &[TurnScope], token: u64, until: Instant) -> bool {
        let now = Instant::now();
        let is_own = |holder: &Holder| holder.token == token && holder.until > now;
        let all_own = scopes
            .iter()
            .all(|scope| self.holders.get(scope).is_some_and(is_own));
        if all_own {
            for scope in scopes {
                self.holders.insert(*scope, Holder { token, until });
            }
        }
        all_own
    }

    fn release(&mut self, token: u64) {
        self.holders.retain(|_, holder| holder.token != token);
    }
}

/// Hands out locks within this process.
pub(super) struct LocalTeamLock {
    table: Arc<Mutex<Table>>,
}

impl LocalTeamLock {
    pub(super) fn new() -> Self {
        Self {
            table: Arc::default(),
        }
    }
}

/// A panic while the table was open leaves it whole: every change is a single insert or retain.
fn opened(table: &Mutex<Table>) -> MutexGuard<'_, Table> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl TeamLock for LocalTeamLock {
    async fn acquire(
        &self,
        scopes: &[TurnScope],
        time_to_live: Duration,
    ) -> Result<Option<Box<dyn TeamLockGuard>>, CoordinationUnavailable> {
        let until = Instant::now() + time_to_live;
        let token = opened(&self.table).take(scopes, until);
        Ok(token.map(|token| {
            let guard: Box<dyn TeamLockGuard> = Box::new(LocalGuard {
                table: Arc::clone(&self.table),
                scopes: scopes.to_vec(),
                token,
            });
            guard
        }))
    }
}

struct LocalGuard {
    table: Arc<Mutex<Table>>,
    scopes: Vec<TurnScope>,
    token: u64,
}

#[async_trait]
impl TeamLockGuard for LocalGuard {
    async fn extend(&self, time_to_live: Duration) -> Result<bool, CoordinationUnavailable> {
        let until = Instant::now() + time_to_live;
        Ok(opened(&self.table).extend(&self.scopes, self.token, until))
    }

    async fn release(self: Box<Self>) {
        opened(&self.table).release(self.token);
    }
}
