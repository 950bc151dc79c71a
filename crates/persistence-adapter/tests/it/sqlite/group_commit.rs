//! Units of work that share one commit: none is answered before it, each fails for itself.

use super::open;
use domain::environment::Environment;
use domain::platform_account::PlatformAccount;
use domain::ports::{CommitError, StoreError, Transaction};
use std::pin::pin;
use testkit::builders;
use testkit::contracts::Store;

/// A unit of work whose commit waits for that of the next one, which has just begun.
struct Pair {
    store: Store,
    account: PlatformAccount,
    first: Environment,
}

impl Pair {
    async fn new(folder: &tempfile::TempDir) -> Self {
        let store = Store::new(open(folder).await);
        let account = store.team().await;
        let first = builders::environment(&*store.ids, &account, "first");
        Self {
            store,
            account,
            first,
        }
    }

    async fn begin_first(&self) -> Box<dyn Transaction> {
        let mut transaction = self.store.begin().await;
        let inserted = transaction
            .environments()
            .insert_environment(&self.first)
            .await;
        inserted.expect("inserted");
        transaction
    }

    /// Commits the first while a second waits, gives the second to `end`, and returns the answer to
    /// the first.
    async fn commit_with<Ended: Future<Output = ()>>(
        &self,
        end: impl FnOnce(Box<dyn Transaction>) -> Ended,
    ) -> Result<(), CommitError> {
        let first = self.begin_first().await;
        let mut second = pin!(self.store.begin());
        assert!(futures::poll!(&mut second).is_pending());
        let mut committing = pin!(first.commit());
        assert!(futures::poll!(&mut committing).is_pending());
        let second = second.await;
        assert!(
            futures::poll!(&mut committing).is_pending(),
            "answered before the commit"
        );
        assert!(
            !self.is_stored(&self.first).await,
            "visible before the commit"
        );
        end(second).await;
        committing.await
    }

    async fn is_stored(&self, environment: &Environment) -> bool {
        let found = self
            .store
            .read_model
            .find_environment(self.account.team_id, environment.id);
        found.await.expect("read").is_some()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_units_are_stored_by_one_commit() {
    let folder = tempfile::tempdir().expect("a folder");
    let pair = Pair::new(&folder).await;
    let second = builders::environment(&*pair.store.ids, &pair.account, "second");
    let committed = pair
        .commit_with(async |mut transaction: Box<dyn Transaction>| {
            let inserted = transaction.environments().insert_environment(&second).await;
            inserted.expect("inserted");
            transaction.commit().await.expect("committed");
        })
        .await;
    committed.expect("committed");
    assert!(pair.is_stored(&pair.first).await && pair.is_stored(&second).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_that_fails_takes_only_its_own_writes_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let pair = Pair::new(&folder).await;
    let second = builders::environment(&*pair.store.ids, &pair.account, "second");
    let rival = builders::environment(&*pair.store.ids, &pair.account, "first");
    let committed = pair
        .commit_with(async |mut transaction: Box<dyn Transaction>| {
            let environments = transaction.environments();
            environments
                .insert_environment(&second)
                .await
                .expect("inserted");
            // The first unit is not committed yet, but in the same outer transaction.
            let refused = environments.insert_environment(&rival).await;
            assert!(matches!(refused, Err(StoreError::Conflict(_))));
            let committed = transaction.commit().await;
            assert!(matches!(committed, Err(CommitError::RolledBack(_))));
        })
        .await;
    committed.expect("committed");
    assert!(pair.is_stored(&pair.first).await && !pair.is_stored(&second).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_that_is_dropped_takes_only_its_own_writes_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let pair = Pair::new(&folder).await;
    let second = builders::environment(&*pair.store.ids, &pair.account, "second");
    let committed = pair
        .commit_with(async |mut transaction: Box<dyn Transaction>| {
            let inserted = transaction.environments().insert_environment(&second).await;
            inserted.expect("inserted");
        })
        .await;
    committed.expect("committed");
    assert!(pair.is_stored(&pair.first).await && !pair.is_stored(&second).await);
}

/// Statements of the writer run on the caller's thread: none is under way while its caller goes away, so no group is
/// undone for it. A unit that is given up after one is undone alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_given_up_after_its_statement_was_polled_once_is_undone_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let pair = Pair::new(&folder).await;
    let second = builders::environment(&*pair.store.ids, &pair.account, "second");
    let mut was_answered = false;
    let committed = pair
        .commit_with(async |mut transaction: Box<dyn Transaction>| {
            let environments = transaction.environments();
            let statement = environments.insert_environment(&second);
            was_answered = futures::poll!(statement).is_ready();
        })
        .await;
    assert!(was_answered, "the statement was under way");
    committed.expect("the other unit is stored");
    assert!(pair.is_stored(&pair.first).await && !pair.is_stored(&second).await);
}
