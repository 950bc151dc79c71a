use super::*;
use domain::ids::{EntityId as _, ProcessId, TeamId, UserId};
use domain::ports::{
    MockIdSource, MockProcessRegistry, MockReadModel, MockSecretVault, MockTransaction,
    MockUnitOfWork, RegisteredProcess, StoreError, VaultError,
};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use uuid::Uuid;

const OLD: &str = "mk_old";
const NEW: &str = "mk_new";

fn team(number: u128) -> KeyOwner {
    KeyOwner::Team(TeamId::from_uuid(Uuid::from_u128(number)))
}

fn user(number: u128) -> KeyOwner {
    KeyOwner::User(UserId::from_uuid(Uuid::from_u128(number)))
}

/// The test's wrapped keys say in their text under which master key they are.
fn under(master_key_id: &str, owner: KeyOwner) -> WrappedKey {
    WrappedKey(format!("{master_key_id}/{owner:?}").into_bytes())
}

fn is_under(key: &WrappedKey, master_key_id: &str) -> bool {
    key.0.starts_with(format!("{master_key_id}/").as_bytes())
}

type Rows = Arc<Mutex<BTreeMap<KeyOwner, WrappedKey>>>;

/// A store of keys in memory, with what happened to it.
#[derive(Clone, Default)]
struct World {
    rows: Rows,
    audited: Arc<AtomicUsize>,
    commits: Arc<AtomicUsize>,
    begins: Arc<AtomicUsize>,
    /// The commit that does not come back, counted from one.
    dies_at_commit: usize,
    /// Whether somebody else is faster at every key.
    is_overtaken: bool,
}

impl World {
    fn of(owners: impl IntoIterator<Item = KeyOwner>) -> Self {
        let rows = owners.into_iter().map(|owner| (owner, under(OLD, owner)));
        Self {
            rows: Arc::new(Mutex::new(rows.collect())),
            ..Self::default()
        }
    }

    fn count_under(&self, master_key_id: &str) -> usize {
        let rows = self.rows.lock().unwrap();
        rows.values()
            .filter(|key| is_under(key, master_key_id))
            .count()
    }

    /// A transaction writes at once here: what a crash takes back is left to the store's own tests.
    fn transaction(&self) -> MockTransaction {
        let mut transaction = MockTransaction {
            commits: Arc::clone(&self.commits),
            ..MockTransaction::default()
        };
        if self.commits.load(Ordering::SeqCst) + 1 == self.dies_at_commit {
            transaction.commit_error = Some(CommitError::OutcomeUnknown("gone".into()));
        }
        let rows = Arc::clone(&self.rows);
        transaction.keys.expect_list_keys_not_under().returning(
            move |master_key_id, after, limit| {
                let rows = rows.lock().unwrap();
                let left = rows
                    .iter()
                    .filter(|(owner, key)| !is_under(key, master_key_id) && Some(**owner) > after);
                let limit = usize::try_from(limit).unwrap();
                Ok(left
                    .take(limit)
                    .map(|(owner, key)| (*owner, key.clone()))
                    .collect())
            },
        );
        let (rows, is_overtaken) = (Arc::clone(&self.rows), self.is_overtaken);
        transaction
            .keys
            .expect_replace_wrapped_key()
            .returning(move |owner, old, new| {
                let mut rows = rows.lock().unwrap();
                let is_mine = rows.get(&owner) == Some(old) && !is_overtaken;
                rows.insert(owner, new.clone());
                Ok(is_mine)
            });
        let audited = Arc::clone(&self.audited);
        transaction
            .audit
            .expect_append_audit_event()
            .withf(|event| {
                event.team_id.is_none()
                    && event.principal == Principal::System
                    && (event.action.as_str(), event.target.as_str()) == ("keys.rewrap", NEW)
            })
            .returning(move |_| {
                audited.fetch_add(1, Ordering::SeqCst);
                Ok(())
            });
        transaction
    }

    fn use_case(&self, published: &[&[&str]]) -> RewrapKeys {
        let mut unit_of_work = MockUnitOfWork::new();
        let world = self.clone();
        unit_of_work.expect_begin().returning(move |_| {
            world.begins.fetch_add(1, Ordering::SeqCst);
            Ok(Box::new(world.transaction()))
        });
        let mut read_model = MockReadModel::new();
        let world = self.clone();
        read_model
            .expect_count_keys_by_master_key()
            .returning(move || {
                let count = |id: &str| i64::try_from(world.count_under(id)).unwrap();
                let unreadable = i64::try_from(world.count_under("mk_lost")).unwrap();
                Ok(vec![
                    (OLD.to_owned(), count(OLD)),
                    (NEW.to_owned(), count(NEW)),
                    ("mk_lost".to_owned(), unreadable),
                ])
            });
        let mut processes = MockProcessRegistry::new();
        let living: Vec<_> = published.iter().enumerate().map(process).collect();
        processes
            .expect_list_living()
            .returning(move || Ok(living.clone()));
        let mut ids = MockIdSource::new();
        ids.expect_uuid().returning(|| Uuid::from_u128(9));
        RewrapKeys {
            unit_of_work: Arc::new(unit_of_work),
            read_model: Arc::new(read_model),
            processes: Arc::new(processes),
            vault: Arc::new(vault()),
            ids: Arc::new(ids),
        }
    }
}

fn process((number, key_ids): (usize, &&[&str])) -> RegisteredProcess {
    RegisteredProcess {
        id: ProcessId::from_uuid(Uuid::from_u128(number as u128)),
        role: "all".to_owned(),
        is_coordinated: true,
        key_ids: key_ids.iter().map(|id| (*id).to_owned()).collect(),
    }
}

fn vault() -> MockSecretVault {
    let mut vault = MockSecretVault::new();
    vault
        .expect_active_master_key_id()
        .returning(|| NEW.to_owned());
    vault.expect_rewrap().returning(|key, owner| {
        if is_under(key, NEW) {
            return Ok(None);
        }
        let expected = under(OLD, owner);
        (*key == expected)
            .then(|| Some(under(NEW, owner)))
            .ok_or(VaultError)
    });
    vault
}

/// All agree on the new key.
const AGREED: &[&[&str]] = &[&[NEW, "pep", "aud", OLD], &[NEW, "pep", "aud", OLD]];

fn done(rewrapped: u64, unreadable: u64) -> RewrapOutcome {
    RewrapOutcome::Done(RewrapCounts {
        rewrapped,
        unreadable,
    })
}

#[tokio::test]
async fn all_keys_of_teams_and_people_come_under_the_active_one_in_batches() {
    let owners = (0..u128::from(BATCH)).map(team).chain((0..150).map(user));
    let world = World::of(owners);
    let outcome = world.use_case(AGREED).run().await.unwrap();
    assert_eq!(outcome, done(250, 0));
    assert_eq!(world.count_under(NEW), 250);
    assert_eq!(
        world.commits.load(Ordering::SeqCst),
        3,
        "one for each batch of 100"
    );
    assert_eq!(world.audited.load(Ordering::SeqCst), 1, "once for the run");
}

#[tokio::test]
async fn without_anything_to_do_no_transaction_is_begun() {
    let world = World::of((0..5).map(team));
    world.use_case(AGREED).run().await.unwrap();
    let begins = world.begins.load(Ordering::SeqCst);
    let outcome = world.use_case(AGREED).run().await.unwrap();
    assert_eq!(outcome, done(0, 0));
    assert_eq!(world.begins.load(Ordering::SeqCst), begins);
    assert_eq!(world.audited.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_run_that_dies_in_the_middle_is_ended_by_the_next_one() {
    let world = World {
        dies_at_commit: 2,
        ..World::of((0..250).map(team))
    };
    let error = world.use_case(AGREED).run().await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::OutcomeUnknown);
    assert_eq!(world.count_under(OLD), 50);
    let next = World {
        dies_at_commit: 0,
        ..world.clone()
    };
    assert_eq!(next.use_case(AGREED).run().await.unwrap(), done(50, 0));
    assert_eq!(world.count_under(OLD), 0);
    assert_eq!(world.audited.load(Ordering::SeqCst), 2, "once for each run");
}

#[tokio::test]
async fn keys_that_another_process_wrapped_meanwhile_are_not_counted_twice() {
    let world = World {
        is_overtaken: true,
        ..World::of((0..250).map(user))
    };
    assert_eq!(world.use_case(AGREED).run().await.unwrap(), done(0, 0));
    assert_eq!(world.count_under(NEW), 250);
    assert_eq!(
        world.audited.load(Ordering::SeqCst),
        0,
        "this one changed nothing"
    );
}

#[tokio::test]
async fn a_key_that_cannot_be_opened_is_counted_and_stops_no_other() {
    let world = World::of((0..120).map(team));
    for lost in [3, 117] {
        let key = under("mk_lost", team(lost));
        world.rows.lock().unwrap().insert(team(lost), key);
    }
    assert_eq!(world.use_case(AGREED).run().await.unwrap(), done(118, 2));
    assert_eq!(world.use_case(AGREED).run().await.unwrap(), done(0, 2));
    assert_eq!(world.count_under("mk_lost"), 2, "and it is left as it is");
    assert_eq!(world.audited.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn nothing_is_wrapped_while_a_process_uses_another_key() {
    let disagreements: [&[&[&str]]; 3] = [
        &[&[NEW, "pep", "aud", OLD], &[OLD, "pep", "aud", NEW]],
        &[&[NEW, "pep", "aud", OLD], &["mk_other", "pep", "aud", NEW]],
        &[&[NEW, "pep", "aud", OLD], &[]],
    ];
    for published in disagreements {
        let world = World::of((0..5).map(team));
        let outcome = world.use_case(published).run().await.unwrap();
        assert_eq!(outcome, RewrapOutcome::Disagreement(1));
        assert_eq!(world.count_under(OLD), 5);
        assert_eq!(world.begins.load(Ordering::SeqCst), 0);
    }
}

#[tokio::test]
async fn a_line_that_cannot_be_written_stops_the_run_before_anything_is_committed() {
    let world = World::of((0..5).map(team));
    let mut use_case = world.use_case(AGREED);
    let mut unit_of_work = MockUnitOfWork::new();
    let begun = world.clone();
    unit_of_work.expect_begin().returning(move |_| {
        let mut transaction = begun.transaction();
        transaction.audit.checkpoint();
        transaction
            .audit
            .expect_append_audit_event()
            .returning(|_| Err(StoreError::Busy));
        Ok(Box::new(transaction))
    });
    use_case.unit_of_work = Arc::new(unit_of_work);
    let error = use_case.run().await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::TemporarilyUnavailable);
    assert_eq!(world.commits.load(Ordering::SeqCst), 0);
}
