//! Remembered requests.

use super::Store;
use domain::names::IdempotencyKey;
use domain::ports::{Conflict, IdempotencyRecord, IdempotencyScope, StoreError, new_id};

fn scope(store: &Store) -> IdempotencyScope {
    IdempotencyScope {
        team_id: new_id(&*store.ids),
        principal: "tok_1".to_owned(),
        operation: "environments.create",
        key: IdempotencyKey::parse("key-1").expect("valid"),
    }
}

fn record(store: &Store) -> IdempotencyRecord {
    IdempotencyRecord {
        fingerprint: b"fingerprint".to_vec(),
        job_id: new_id(&*store.ids),
    }
}

async fn insert(
    store: &Store,
    scope: &IdempotencyScope,
    record: &IdempotencyRecord,
) -> Result<(), StoreError> {
    let mut transaction = store.begin().await;
    transaction
        .idempotency()
        .insert_idempotency_record(scope, record)
        .await?;
    transaction.commit().await.expect("committed");
    Ok(())
}

/// The same key of another team, principal or operation is another key.
pub async fn a_request_is_remembered_under_its_scope_only(store: &Store) {
    let (scope, record) = (scope(store), record(store));
    insert(store, &scope, &record).await.expect("remembered");
    let others = [
        IdempotencyScope {
            team_id: new_id(&*store.ids),
            ..scope.clone()
        },
        IdempotencyScope {
            principal: "tok_2".to_owned(),
            ..scope.clone()
        },
        IdempotencyScope {
            operation: "addons.install",
            ..scope.clone()
        },
    ];
    let mut transaction = store.begin().await;
    let idempotency = transaction.idempotency();
    let found = idempotency.find_idempotency_record(&scope).await;
    assert_eq!(found.expect("read"), Some(record));
    for other in others {
        let found = idempotency.find_idempotency_record(&other).await;
        assert_eq!(found.expect("read"), None, "{other:?}");
    }
}

/// The second request with a key is told so, and the first one's record stays.
pub async fn a_key_that_is_taken_is_a_conflict(store: &Store) {
    let (scope, first) = (scope(store), record(store));
    insert(store, &scope, &first).await.expect("remembered");
    let refused = insert(store, &scope, &record(store)).await;
    assert!(matches!(
        refused,
        Err(StoreError::Conflict(Conflict::IdempotencyKey))
    ));
    let mut transaction = store.begin().await;
    let found = transaction
        .idempotency()
        .find_idempotency_record(&scope)
        .await;
    assert_eq!(found.expect("read"), Some(first));
}
