//! Transactions: all of it or nothing, each for itself.

use super::Store;
use crate::builders;
use crate::wait;
use domain::ports::{CommitError, Conflict, StoreError, WritePriority};
use futures::future::join_all;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(10);

/// What was committed is there.
pub async fn committed_rows_are_found(store: &Store) {
    let account = store.team().await;
    let found = store.read_model.find_platform_account(account.team_id);
    assert_eq!(found.await.expect("read"), Some(account));
}

/// Dropping is rolling back, and the store goes on.
pub async fn a_dropped_transaction_leaves_nothing(store: &Store) {
    let account = store.team().await;
    let environment = builders::environment(&*store.ids, &account, "dropped");
    let mut transaction = store.begin().await;
    transaction
        .environments()
        .insert_environment(&environment)
        .await
        .expect("inserted");
    drop(transaction);
    let found = store
        .read_model
        .find_environment(account.team_id, environment.id);
    assert_eq!(found.await.expect("read"), None);
    store.environment(&account, "dropped").await;
}

/// A caller that goes away while a statement is under way leaves nothing behind either. A store may also answer
/// each statement before anybody could go away; its own tests say which of the two it does.
pub async fn a_transaction_dropped_in_the_middle_of_a_statement_leaves_nothing(store: &Store) {
    let account = store.team().await;
    let mut cuts = 0;
    for round in 0..100 {
        let name = format!("cut-{round}");
        let environment = builders::environment(&*store.ids, &account, &name);
        let mut transaction = store.begin().await;
        {
            let environments = transaction.environments();
            let statement = environments.insert_environment(&environment);
            // Polled once and given up: unless the answer was there at once, it is under way.
            cuts += u32::from(futures::poll!(statement).is_pending());
        }
        drop(transaction);
        let found = store
            .read_model
            .find_environment(account.team_id, environment.id);
        assert_eq!(found.await.expect("read"), None);
        wait::until("the store takes the name", DEADLINE, async || {
            let begun = store.unit_of_work.begin(WritePriority::Interactive).await;
            let mut transaction = begun.ok()?;
            let environments = transaction.environments();
            environments.insert_environment(&environment).await.ok()?;
            transaction.commit().await.ok()
        })
        .await;
        if cuts == 5 {
            return;
        }
    }
}

/// After an error nothing of the transaction can be stored, not even what went well.
pub async fn a_failed_statement_loses_the_transaction(store: &Store) {
    let account = store.team().await;
    store.environment(&account, "taken").await;
    let fine = builders::environment(&*store.ids, &account, "fine");
    let taken = builders::environment(&*store.ids, &account, "taken");
    let mut transaction = store.begin().await;
    let environments = transaction.environments();
    environments
        .insert_environment(&fine)
        .await
        .expect("inserted");
    let refused = environments.insert_environment(&taken).await;
    assert!(matches!(
        refused,
        Err(StoreError::Conflict(Conflict::EnvironmentName))
    ));
    let committed = transaction.commit().await;
    assert!(
        matches!(committed, Err(CommitError::RolledBack(_))),
        "{committed:?}"
    );
    let found = store.read_model.find_environment(account.team_id, fine.id);
    assert_eq!(found.await.expect("read"), None);
}

/// Thirty-two writers at once: one fails, one is dropped, and thirty are stored.
pub async fn units_of_work_at_once_succeed_or_fail_each_for_itself(store: &Store) {
    let account = store.team().await;
    store.environment(&account, "writer-7").await;
    let writers = (0..32).map(|number| {
        let name = format!("writer-{number}");
        let environment = builders::environment(&*store.ids, &account, &name);
        async move {
            let mut transaction = store.begin().await;
            let inserted = transaction
                .environments()
                .insert_environment(&environment)
                .await;
            let is_stored = match number {
                7 => {
                    assert!(matches!(
                        inserted,
                        Err(StoreError::Conflict(Conflict::EnvironmentName))
                    ));
                    false
                }
                13 => false,
                _ => {
                    inserted.expect("inserted");
                    transaction.commit().await.expect("committed");
                    true
                }
            };
            (environment, is_stored)
        }
    });
    for (environment, is_stored) in join_all(writers).await {
        let found = store
            .read_model
            .find_environment(account.team_id, environment.id);
        let found = found.await.expect("read");
        assert_eq!(found.is_some(), is_stored, "{}", environment.name);
    }
}
