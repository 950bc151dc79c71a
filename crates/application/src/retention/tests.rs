use super::PurgeOldData;
use async_trait::async_trait;
use domain::ports::{Perishable, RetentionStore, StoreError};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const DAY: Duration = Duration::from_hours(24);
const WEEK: Duration = Duration::from_hours(24 * 7);
const MONTH: Duration = Duration::from_hours(24 * 30);

/// What was asked for: of what, how old, at most how many.
type Asked = (Perishable, Duration, Option<u32>);

/// A store that remembers what it was asked for and has seven of everything.
#[derive(Default)]
struct Asking {
    asked: Mutex<Vec<Asked>>,
}

#[async_trait]
impl RetentionStore for Asking {
    async fn count_older(&self, what: Perishable, age: Duration) -> Result<u64, StoreError> {
        self.asked.lock().unwrap().push((what, age, None));
        Ok(7)
    }

    async fn purge_older(
        &self,
        what: Perishable,
        age: Duration,
        limit: u32,
    ) -> Result<u64, StoreError> {
        self.asked.lock().unwrap().push((what, age, Some(limit)));
        Ok(7)
    }
}

fn expected(jobs_kept: Duration) -> [(Perishable, Duration); 12] {
    [
        (Perishable::FinishedJobs, jobs_kept),
        (Perishable::ScheduledSyncs, DAY),
        (Perishable::ClosedFindings, jobs_kept),
        (Perishable::SettledRequests, DAY),
        (Perishable::TeamEvents, WEEK),
        (Perishable::WebhookDeliveries, WEEK),
        (Perishable::BrowserSessions, MONTH),
        (Perishable::EmailLinks, MONTH),
        (Perishable::LoginThrottles, MONTH),
        (Perishable::Invitations, MONTH),
        (Perishable::TeamDeletions, MONTH),
        (Perishable::OwnershipOffers, MONTH),
    ]
}

#[tokio::test]
async fn each_thing_is_kept_for_its_time_and_goes_in_batches_of_fifty() {
    for jobs_kept in [Duration::from_hours(2160), DAY] {
        let store = Arc::new(Asking::default());
        let purge = PurgeOldData {
            store: store.clone(),
            jobs_kept,
            events_kept: WEEK,
        };
        for what in Perishable::ALL {
            assert_eq!(purge.purge_batch(what).await.unwrap(), 7);
        }
        let expected = expected(jobs_kept).map(|(what, age)| (what, age, Some(50)));
        assert_eq!(*store.asked.lock().unwrap(), expected);
    }
}

/// Who looks first is told what would go.
#[tokio::test]
async fn what_is_counted_is_what_would_go() {
    let jobs_kept = Duration::from_hours(2160);
    let store = Arc::new(Asking::default());
    let purge = PurgeOldData {
        store: store.clone(),
        jobs_kept,
        events_kept: WEEK,
    };
    let counts = purge.count().await.unwrap();
    assert_eq!(counts, Perishable::ALL.map(|what| (what, 7)));
    let expected = expected(jobs_kept).map(|(what, age)| (what, age, None));
    assert_eq!(*store.asked.lock().unwrap(), expected);
}
