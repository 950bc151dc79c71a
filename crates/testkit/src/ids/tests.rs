use super::SequentialIds;
use domain::ids::JobId;
use domain::ports::{IdSource, new_id};

#[test]
fn two_sources_give_the_same_ids_in_ascending_order() {
    let (left, right) = (SequentialIds::new(), SequentialIds::new());
    let ids: Vec<_> = (0..1000).map(|_| left.uuid()).collect();
    assert!(ids.is_sorted());
    assert!(ids.iter().all(|id| *id == right.uuid()));
    assert!(ids.iter().all(|id| id.get_version_num() == 7));
}

#[test]
fn neighbouring_ids_differ_in_their_last_characters() {
    let ids = SequentialIds::new();
    let first: JobId = new_id(&ids);
    let second: JobId = new_id(&ids);
    let tail = |id: JobId| id.to_string().split_off(25);
    assert_ne!(tail(first), tail(second));
}

#[test]
fn sources_that_start_apart_do_not_meet() {
    let far = SequentialIds::starting_at(1_000_000);
    let near = SequentialIds::new();
    let last_near = (0..1000).map(|_| near.uuid()).last();
    assert!(last_near < Some(far.uuid()));
}
