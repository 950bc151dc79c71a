//! Waiting has an end: for a connection, for a statement, for another request with the same key.

use super::raw::Raw;
use super::{open, options};
use domain::names::IdempotencyKey;
use domain::ports::{
    Conflict, IdempotencyRecord, IdempotencyScope, StoreError, UnitOfWork, WritePriority, new_id,
};
use persistence_adapter::{MigrateError, PostgresOptions, SchemaState};
use std::time::{Duration, Instant};
use testkit::contracts::Store;
use testkit::ids::SequentialIds;
use testkit::postgres::PostgresServer;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pool_that_is_used_up_answers_busy_and_recovers() {
    let url = PostgresServer::shared().create_database();
    let database = open(PostgresOptions {
        pool_size: 1,
        pool_wait: Duration::from_millis(50),
        ..options(url.as_str())
    })
    .await;
    let held = database.begin(WritePriority::Worker).await.expect("begun");
    let refused = database.begin(WritePriority::Worker).await.map(drop);
    assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
    drop(held);
    let begun = database.begin(WritePriority::Worker).await;
    begun.expect("the connection came back");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_that_hangs_is_given_up() {
    let url = PostgresServer::shared().create_database();
    let database = open(PostgresOptions {
        statement_timeout: Duration::from_millis(100),
        ..options(url.as_str())
    })
    .await;
    let blocker = Raw::connect(url.as_str()).await;
    blocker
        .execute("BEGIN; LOCK TABLE teams")
        .await
        .expect("locked");
    let mut transaction = database.begin(WritePriority::Worker).await.expect("begun");
    let team = testkit::builders::team(&SequentialIds::new());
    let refused = transaction.teams().find_team(team.id).await;
    assert!(
        matches!(refused, Err(StoreError::Unavailable(_))),
        "{refused:?}"
    );
}

/// The second of two requests that carry one key is told within the promised time; it neither waits
/// for the first nor overtakes it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_another_transaction_holds_is_in_flight() {
    let url = PostgresServer::shared().create_database();
    let store = Store::new(open(options(url.as_str())).await);
    let ids = SequentialIds::new();
    let scope = IdempotencyScope {
        team_id: new_id(&ids),
        principal: "system".to_owned(),
        operation: "environments.create",
        key: IdempotencyKey::parse("key").expect("valid"),
    };
    let record = IdempotencyRecord {
        fingerprint: vec![1],
        job_id: new_id(&ids),
    };
    let mut first = store.begin().await;
    let inserted = first
        .idempotency()
        .insert_idempotency_record(&scope, &record)
        .await;
    inserted.expect("the key is free");
    let began = Instant::now();
    let mut second = store.begin().await;
    let refused = second
        .idempotency()
        .insert_idempotency_record(&scope, &record)
        .await;
    assert!(matches!(
        refused,
        Err(StoreError::Conflict(Conflict::IdempotencyInFlight))
    ));
    assert!(
        began.elapsed() < Duration::from_secs(2),
        "{:?}",
        began.elapsed()
    );
    drop(first);
    let mut third = store.begin().await;
    let inserted = third
        .idempotency()
        .insert_idempotency_record(&scope, &record)
        .await;
    inserted.expect("the first was rolled back");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn replicas_that_migrate_at_once_do_it_once() {
    let url = PostgresServer::shared().create_database();
    let mut replicas = Vec::new();
    for _ in 0..4 {
        let options = persistence_adapter::DatabaseOptions::Postgres(options(url.as_str()));
        replicas.push(
            persistence_adapter::Database::open(options, crate::sealer())
                .await
                .expect("opened"),
        );
    }
    let SchemaState::Behind(pending) = replicas[0].schema_state().await.expect("read") else {
        panic!("an empty database is behind");
    };
    let mut migrating = tokio::task::JoinSet::new();
    for replica in replicas.clone() {
        migrating.spawn(async move { replica.migrate().await.expect("migrated").applied.len() });
    }
    let applied: usize = migrating.join_all().await.iter().sum();
    assert_eq!(applied, pending.len());
    assert_eq!(
        replicas[0].schema_state().await.expect("read"),
        SchemaState::UpToDate
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_schema_of_a_newer_version_is_left_alone() {
    let url = PostgresServer::shared().create_database();
    let database = open(options(url.as_str())).await;
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')";
    Raw::connect(url.as_str())
        .await
        .execute(newer)
        .await
        .expect("inserted");
    let state = database.schema_state().await.expect("read");
    assert_eq!(state, SchemaState::Ahead(vec!["9999".to_owned()]));
    assert!(matches!(
        database.migrate().await,
        Err(MigrateError::Ahead(_))
    ));
}

/// The contract about callers who go away in the middle of a statement is about PostgreSQL: there is a middle.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_is_under_way_until_the_server_answers() {
    let url = PostgresServer::shared().create_database();
    let store = Store::new(open(options(url.as_str())).await);
    let account = store.team().await;
    let environment = testkit::builders::environment(&*store.ids, &account, "under-way");
    let mut transaction = store.begin().await;
    let environments = transaction.environments();
    let statement = environments.insert_environment(&environment);
    assert!(futures::poll!(statement).is_pending());
}
