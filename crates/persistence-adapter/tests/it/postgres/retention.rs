//! A purge beside those who write. On SQLite there is one writer at a time.

use super::open_store;
use crate::postgres::raw::Raw;
use domain::ports::Perishable;
use domain::team::OwnershipOffer;
use std::time::Duration;
use testkit::{builders, wait};

/// The purge has found the old offer and waits for whoever is replacing it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_offer_that_is_renewed_while_it_is_purged_stays() {
    let (store, url) = open_store().await;
    let team = store.team().await.team_id;
    let (owner, heir) = (store.person().await, store.person().await);
    let renewed = builders::ownership_offer(team, owner.id, heir.id);
    let old = OwnershipOffer {
        expires_at: builders::moment(),
        ..renewed
    };
    let stored = store.write(async |it| it.teams().put_ownership_offer(&old).await);
    stored.await.expect("stored");
    let mut renewing = store.begin().await;
    let put = renewing.teams().put_ownership_offer(&renewed).await;
    put.expect("renewed");
    let what = Perishable::OwnershipOffers;
    let purging = store
        .retention
        .purge_older(what, Duration::from_hours(24), 10);
    let committing = async {
        let observer = Raw::connect(url.as_str()).await;
        let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                       AND wait_event_type = 'Lock'";
        wait::until("the purge waits", Duration::from_secs(10), async || {
            (observer.number(waiting).await == 1).then_some(())
        })
        .await;
        renewing.commit().await.expect("committed");
    };
    let (purged, ()) = futures::join!(purging, committing);
    assert_eq!(purged.expect("purged"), 0);
    let mut transaction = store.begin().await;
    let found = transaction.teams().find_ownership_offer(team).await;
    assert_eq!(found.expect("read"), Some(renewed));
}
