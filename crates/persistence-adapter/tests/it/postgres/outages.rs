//! A server that goes away and comes back.

use super::raw::Raw;
use super::{open, options};
use domain::limits::JOB_LEASE;
use domain::ports::{CommitError, ReadModel, StoreError, UnitOfWork, WritePriority};
use std::time::Duration;
use testkit::builders;
use testkit::contracts::Store;
use testkit::postgres::{PostgresOptions, PostgresServer};
use testkit::wait;

/// A commit whose answer is lost is neither success nor failure, and the store works again when the
/// server does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_without_an_answer_is_unknown_and_the_pool_recovers() {
    let mut server = PostgresServer::start(PostgresOptions::default());
    let url = server.create_database();
    let database = open(options(url.as_str())).await;
    let ids = testkit::ids::SequentialIds::new();
    let team = builders::team(&ids);
    let mut transaction = database.begin(WritePriority::Worker).await.expect("begun");
    let (key, roles) = (builders::wrapped_key(), builders::built_in_role_ids(&ids));
    transaction
        .teams()
        .insert_team(&team, &key, &roles)
        .await
        .expect("inserted");
    server.stop_immediately();
    let committed = transaction.commit().await;
    assert!(
        matches!(committed, Err(CommitError::OutcomeUnknown(_))),
        "{committed:?}"
    );
    let begun = database.begin(WritePriority::Worker).await.map(drop);
    assert!(
        matches!(begun, Err(StoreError::Unavailable(_))),
        "{begun:?}"
    );
    server.restart();
    wait::until("the store answers", Duration::from_secs(10), async || {
        database.ping().await.ok()
    })
    .await;
    let mut transaction = database.begin(WritePriority::Worker).await.expect("begun");
    let found = transaction.teams().find_team(team.id).await;
    assert_eq!(found.expect("read"), None);
}

/// Holders cannot renew while the server is down. So after a restart an expired lease proves
/// nothing until they had the time of one lease to come back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leases_that_ended_during_a_restart_are_not_taken_over_at_once() {
    let mut server = PostgresServer::start(PostgresOptions::default());
    let url = server.create_database();
    let store = Store::new(open(options(url.as_str())).await);
    let holder = store.running_job().await;
    let past = "UPDATE job_queue SET lease_until = now() - interval '1 hour'";
    Raw::connect(url.as_str())
        .await
        .execute(past)
        .await
        .expect("updated");
    server.restart();
    let uptime = "SELECT (extract(epoch FROM now() - pg_postmaster_start_time()) * 1000)::bigint";
    let mut refusals = 0;
    let raw = Raw::connect(url.as_str()).await;
    let claimed = wait::until("the job is taken over", 3 * JOB_LEASE, async || {
        // Connections that broke fail once each.
        let process = store.process();
        store.read_model.ping().await.ok()?;
        let claimed = store.claim(process, 1).await.pop();
        refusals += u32::from(claimed.is_none());
        claimed
    })
    .await;
    assert_eq!(claimed.hold.job_id, holder.job_id);
    assert!(refusals > 0);
    let lease = i64::try_from(JOB_LEASE.as_millis()).expect("seconds");
    assert!(raw.number(uptime).await >= lease);
}
