//! Named points at which calls wait until somebody lets them go.
//!
//! It must not know which call waits, or where in the call.

use std::collections::BTreeMap;

use tokio::sync::{oneshot, watch};

#[derive(Debug)]
pub(crate) struct HoldBook {
    waiting: watch::Sender<BTreeMap<String, Vec<oneshot::Sender<()>>>>,
}

impl Default for HoldBook {
    fn default() -> Self {
        Self {
            waiting: watch::Sender::new(BTreeMap::new()),
        }
    }
}

impl HoldBook {
    /// Waits until `name` is released.
    pub(crate) async fn wait(&self, name: &str) {
        let (release, released) = oneshot::channel();
        self.waiting.send_modify(|waiting| {
            waiting.entry(name.to_owned()).or_default().push(release);
        });
        // A dropped sender means that the simulator is going away: nothing to wait for either way.
        released.await.ok();
    }

    /// Lets every call go that waits at `name` now; returns how many.
    pub(crate) fn release(&self, name: &str) -> usize {
        let mut released = Vec::new();
        self.waiting
            .send_modify(|waiting| released = waiting.remove(name).unwrap_or_default());
        released
            .into_iter()
            .filter_map(|release| release.send(()).ok())
            .count()
    }

    /// The names at which a call waits now.
    pub(crate) fn names(&self) -> Vec<String> {
        self.waiting.borrow().keys().cloned().collect()
    }

    /// Returns once a call waits at `name`.
    pub(crate) async fn until_held(&self, name: &str) {
        let mut changes = self.waiting.subscribe();
        // The sender lives in `self`, so the wait cannot fail while it is borrowed.
        changes
            .wait_for(|waiting| waiting.contains_key(name))
            .await
            .ok();
    }
}
