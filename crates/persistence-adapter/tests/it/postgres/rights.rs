//! What becomes of a question for rights that had to wait: its statement sees the tables as they were
//! when it began, and the rows that it locks as they are.

use super::open_store;
use crate::postgres::raw::Raw;
use domain::access::{AccessSubject, Permission, RoleKind};
use std::time::Duration;
use testkit::{builders, wait};

/// A role that was made and given while we waited is the role, not none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_that_was_made_meanwhile_is_seen() {
    let (store, url) = open_store().await;
    let team = store.team().await.team_id;
    let user = store.member(team, RoleKind::Viewer).await;
    let role = builders::role(&*store.ids, team, &[Permission::JobCancel]);
    let blocker = Raw::connect(url.as_str()).await;
    let block = "BEGIN; SELECT 1 FROM users FOR UPDATE";
    blocker.execute(block).await.expect("locked");
    let asking = async {
        let mut transaction = store.begin().await;
        let subject = AccessSubject::User(user.id);
        let record = transaction.access().lock_access(subject, Some(team)).await;
        record.expect("read").expect("the person")
    };
    let changing = async {
        let observer = Raw::connect(url.as_str()).await;
        let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                       AND wait_event_type = 'Lock'";
        wait::until("it waits", Duration::from_secs(10), async || {
            (observer.number(waiting).await == 1).then_some(())
        })
        .await;
        store
            .write(async |transaction| {
                transaction.roles().insert_role(&role).await?;
                let memberships = transaction.memberships();
                memberships.set_member_role(team, user.id, role.id).await
            })
            .await
            .expect("given");
        blocker.execute("COMMIT").await.expect("let go");
    };
    let (record, ()) = futures::join!(asking, changing);
    assert_eq!(record.team.expect("the team").role, Some(role));
}
