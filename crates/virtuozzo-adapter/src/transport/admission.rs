//! How many calls may be open at once, on the platform and for one account. Beyond that a call is
//! refused at once: whoever waits would only make a slow platform slower.

use super::failure::NotSentCause;
use crate::configuration::ConcurrencyLimits;
use domain::ids::PlatformAccountId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

#[cfg(test)]
mod tests;

#[derive(Default)]
struct Open {
    all: usize,
    /// Holds accounts with open calls only, so it does not grow with accounts.
    by_account: HashMap<PlatformAccountId, usize>,
}

/// Counts open calls.
pub(super) struct Admission {
    limits: ConcurrencyLimits,
    open: Arc<Mutex<Open>>,
}

/// An admitted call; counts until it is dropped.
pub(super) struct Admitted {
    account: Option<PlatformAccountId>,
    open: Arc<Mutex<Open>>,
}

impl Admission {
    pub(super) fn new(limits: ConcurrencyLimits) -> Self {
        Self {
            limits,
            open: Arc::default(),
        }
    }

    pub(super) fn enter(
        &self,
        account: Option<PlatformAccountId>,
    ) -> Result<Admitted, NotSentCause> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.all >= self.limits.global {
            return Err(NotSentCause::TooManyOpenCalls);
        }
        if let Some(account) = account {
            let of_account = open.by_account.entry(account).or_default();
            if *of_account >= self.limits.per_account {
                return Err(NotSentCause::TooManyOpenCallsOfAccount);
            }
            *of_account += 1;
        }
        open.all += 1;
        Ok(Admitted {
            account,
            open: Arc::clone(&self.open),
        })
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.all -= 1;
        if let Some(account) = self.account
            && let Some(of_account) = open.by_account.get_mut(&account)
        {
            *of_account -= 1;
            if *of_account == 0 {
                open.by_account.remove(&account);
            }
        }
    }
}
