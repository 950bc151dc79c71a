//! On a clock that stands still until everybody waits for it.

use super::purge_old_data;
use application::retention::PurgeOldData;
use async_trait::async_trait;
use domain::ports::{Perishable, RetentionStore, StoreError};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

const HOUR: Duration = Duration::from_hours(1);

/// How many there are of each, in the order of [`Perishable::ALL`].
struct Heap {
    left: Mutex<[u64; 12]>,
    /// What cannot be removed.
    stuck: Option<Perishable>,
    /// Stops the service when a batch of this is removed.
    stops_at: Option<Perishable>,
    shutdown: CancellationToken,
}

impl Heap {
    fn new(of_each: u64) -> Self {
        Self {
            left: Mutex::new([of_each; 12]),
            stuck: None,
            stops_at: None,
            shutdown: CancellationToken::new(),
        }
    }

    fn left(&self) -> [u64; 12] {
        *self.left.lock().unwrap()
    }
}

#[async_trait]
impl RetentionStore for Heap {
    async fn count_older(&self, _: Perishable, _: Duration) -> Result<u64, StoreError> {
        unreachable!("nothing is counted before it is removed")
    }

    async fn purge_older(
        &self,
        what: Perishable,
        _: Duration,
        limit: u32,
    ) -> Result<u64, StoreError> {
        if self.stuck == Some(what) {
            return Err(StoreError::Busy);
        }
        if self.stops_at == Some(what) {
            self.shutdown.cancel();
        }
        let index = Perishable::ALL.iter().position(|it| *it == what).unwrap();
        let left = &mut self.left.lock().unwrap()[index];
        let count = u64::from(limit).min(*left);
        *left -= count;
        Ok(count)
    }
}

/// The loop over the heap; a loop that is not stopped ends the test.
async fn purge(heap: &Arc<Heap>) {
    let purge = PurgeOldData {
        store: heap.clone(),
        jobs_kept: HOUR * 2160,
        events_kept: HOUR * 720,
    };
    let looping = purge_old_data(purge, heap.shutdown.clone());
    timeout(HOUR * 24, looping).await.expect("it was stopped");
}

#[tokio::test(start_paused = true)]
async fn a_pass_removes_everything_old_at_once_and_the_next_one_comes_an_hour_later() {
    let heap = Arc::new(Heap::new(120));
    let looking = async {
        sleep(HOUR / 2).await;
        assert_eq!(heap.left(), [0; 12], "three batches of each");
        *heap.left.lock().unwrap() = [1; 12];
        sleep(HOUR / 4).await;
        assert_eq!(heap.left(), [1; 12], "nobody looks in between");
        sleep(HOUR / 2).await;
        assert_eq!(heap.left(), [0; 12], "the second pass");
        heap.shutdown.cancel();
    };
    tokio::join!(purge(&heap), looking);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_removed_keeps_nothing_else() {
    let heap = Arc::new(Heap {
        stuck: Some(Perishable::FinishedJobs),
        ..Heap::new(60)
    });
    let looking = async {
        sleep(HOUR / 2).await;
        let mut expected = [0; Perishable::ALL.len()];
        expected[0] = 60;
        assert_eq!(heap.left(), expected);
        heap.shutdown.cancel();
    };
    tokio::join!(purge(&heap), looking);
}

#[tokio::test(start_paused = true)]
async fn a_stop_comes_between_two_batches() {
    let heap = Arc::new(Heap {
        stops_at: Some(Perishable::ScheduledSyncs),
        ..Heap::new(120)
    });
    purge(&heap).await;
    let left = heap.left();
    assert_eq!(left[..3], [0, 70, 120], "one batch of the second");
}
