use super::PurgeByHand;
use crate::administration::people::tests::administrator;
use crate::retention::PurgeOldData;
use crate::sample::{CountingIds, counter, unit_of_work};
use domain::access::Principal;
use domain::ports::{MockRetentionStore, MockTransaction, Perishable, StoreError};
use std::sync::Arc;
use std::time::Duration;

fn use_case(transaction: MockTransaction, store: MockRetentionStore) -> PurgeByHand {
    PurgeByHand {
        purge: PurgeOldData {
            store: Arc::new(store),
            jobs_kept: Duration::from_hours(2160),
            events_kept: Duration::from_hours(720),
        },
        unit_of_work: unit_of_work(vec![transaction]),
        ids: Arc::new(CountingIds::default()),
    }
}

#[tokio::test]
async fn all_batches_are_removed_after_the_trail_has_its_line() {
    let mut transaction = MockTransaction::default();
    transaction
        .audit
        .expect_append_audit_event()
        .withf(|event| {
            event.action == "data.purge"
                && event.team_id.is_none()
                && event.principal == Principal::CommandLine
                && event.detail.as_deref() == Some("os_user:1000")
        })
        .times(1)
        .returning(|_| Ok(()));
    let counter = counter(&transaction);
    let mut store = MockRetentionStore::new();
    let mut batches = vec![7_u64, 50];
    store.expect_purge_older().returning(move |what, _, _| {
        let is_jobs = what == Perishable::FinishedJobs;
        Ok(if is_jobs {
            batches.pop().unwrap_or(0)
        } else {
            0
        })
    });
    let counts = use_case(transaction, store).run(&administrator()).await;
    for (what, count) in counts.unwrap() {
        let expected = if what == Perishable::FinishedJobs {
            57
        } else {
            0
        };
        assert_eq!(count, expected, "{}", what.as_str());
    }
    assert_eq!(crate::sample::commits(&counter), 1);
}

/// The mock of the store refuses to remove anything.
#[tokio::test]
async fn without_its_line_in_the_trail_nothing_is_removed() {
    let mut transaction = MockTransaction::default();
    transaction
        .audit
        .expect_append_audit_event()
        .returning(|_| Err(StoreError::Busy));
    let purged = use_case(transaction, MockRetentionStore::new())
        .run(&administrator())
        .await;
    assert!(purged.is_err());
}
