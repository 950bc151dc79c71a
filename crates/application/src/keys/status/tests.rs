use super::*;
use domain::ids::EntityId as _;
use domain::ports::{MockClock, MockProcessRegistry, MockReadModel};
use jiff::Timestamp;
use uuid::Uuid;

fn process(number: u128, key_ids: &[&str]) -> RegisteredProcess {
    RegisteredProcess {
        id: ProcessId::from_uuid(Uuid::from_u128(number)),
        role: "all".to_owned(),
        is_coordinated: true,
        key_ids: key_ids.iter().map(|id| (*id).to_owned()).collect(),
    }
}

fn key(id: &str, kind: KeyKind, is_active: bool) -> RingKey {
    RingKey {
        id: id.to_owned(),
        kind,
        is_active,
    }
}

/// Two keys of each kind.
fn ring() -> Vec<RingKey> {
    vec![
        key("m1", KeyKind::Master, true),
        key("m2", KeyKind::Master, false),
        key("p1", KeyKind::Pepper, true),
        key("p2", KeyKind::Pepper, false),
        key("a1", KeyKind::Audit, true),
        key("a2", KeyKind::Audit, false),
    ]
}

const WHOLE: &[&str] = &["m1", "p1", "a1", "m2", "p2", "a2"];

type Counts = &'static [(&'static str, i64)];

fn owned(counts: Counts) -> Vec<(String, i64)> {
    let owned = counts.iter().map(|(id, count)| ((*id).to_owned(), *count));
    owned.collect()
}

/// What hangs on each key, in the order of the kinds, and who is alive.
async fn status(counts: [Counts; 3], processes: Vec<RegisteredProcess>) -> KeysStatus {
    let now = Timestamp::from_second(1_800_000_000).unwrap();
    let mut read_model = MockReadModel::new();
    read_model
        .expect_count_keys_by_master_key()
        .returning(move || Ok(owned(counts[0])));
    read_model
        .expect_count_hashes_by_pepper()
        .withf(move |at| *at == now)
        .returning(move |_| Ok(owned(counts[1])));
    read_model
        .expect_count_audit_lines_by_key()
        .returning(move || Ok(owned(counts[2])));
    let mut registry = MockProcessRegistry::new();
    registry
        .expect_list_living()
        .returning(move || Ok(processes.clone()));
    let mut clock = MockClock::new();
    clock.expect_now().returning(move || now);
    let read = ReadKeysStatus {
        read_model: Arc::new(read_model),
        processes: Arc::new(registry),
        clock: Arc::new(clock),
    };
    read.run(&ring()).await.unwrap()
}

#[tokio::test]
async fn each_key_has_its_records_and_its_holders() {
    let counts: [Counts; 3] = [
        &[("m1", 3), ("m2", 4)],
        &[("p1", 5), ("p9", 6), ("p8", 0)],
        &[("a1", 7)],
    ];
    let processes = vec![process(1, WHOLE), process(2, &["m2", "p1", "a1", "m1"])];
    let ids = [processes[0].id, processes[1].id];
    let status = status(counts, processes).await;
    let shown: Vec<_> = status
        .keys
        .iter()
        .map(|it| {
            (
                it.key.id.as_str(),
                it.records,
                it.held_by.len(),
                it.active_in.clone(),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("m1", 3, 2, vec![ids[0]]),
            ("m2", 4, 2, vec![ids[1]]),
            ("p1", 5, 2, ids.to_vec()),
            ("p2", 0, 1, vec![]),
            ("a1", 7, 2, ids.to_vec()),
            ("a2", 0, 1, vec![]),
        ]
    );
    let missing = MissingKey {
        id: "p9".to_owned(),
        kind: KeyKind::Pepper,
        records: 6,
    };
    assert_eq!(status.missing, [missing], "records that nobody can check");
    assert_eq!(status.processes, ids);
}

#[tokio::test]
async fn a_key_is_activated_only_when_every_living_process_holds_it() {
    let late = process(2, &["m1", "p1", "a1", "p2"]);
    let late_id = late.id;
    let status = status([&[], &[], &[]], vec![process(1, WHOLE), late]).await;
    assert_eq!(status.demand_may_activate("p2"), Ok(()));
    for id in ["m2", "a2"] {
        let refusal = status.demand_may_activate(id).unwrap_err();
        let expected = KeyRefusal::NotHeldByAll {
            id: id.to_owned(),
            processes: vec![late_id],
        };
        assert_eq!(refusal, expected);
        assert!(
            refusal.to_string().contains(&late_id.to_string()),
            "{refusal}"
        );
    }
    let refusal = status.demand_may_activate("m3").unwrap_err();
    assert!(matches!(refusal, KeyRefusal::NoSuchKey { .. }), "{refusal}");
}

#[tokio::test]
async fn without_any_process_the_ring_alone_decides() {
    let status = status([&[], &[], &[]], Vec::new()).await;
    assert_eq!(status.demand_may_activate("m2"), Ok(()));
    assert_eq!(status.demand_may_retire("m2"), Ok(()));
}

#[tokio::test]
async fn a_key_is_retired_only_when_nothing_hangs_on_it() {
    let counts: [Counts; 3] = [&[("m2", 1)], &[("p2", 2)], &[("a2", 3)]];
    let used = status(counts, vec![process(1, WHOLE)]).await;
    for (id, count) in [
        ("m2", "1 wrapped keys"),
        ("p2", "2 live"),
        ("a2", "3 lines"),
    ] {
        let refusal = used.demand_may_retire(id).unwrap_err();
        assert!(matches!(refusal, KeyRefusal::InUse { .. }), "{refusal}");
        assert!(refusal.to_string().starts_with(count), "{refusal}");
    }
    let unused = status([&[("m1", 1)], &[], &[]], vec![process(1, WHOLE)]).await;
    for id in ["m2", "p2", "a2"] {
        assert_eq!(unused.demand_may_retire(id), Ok(()));
    }
    for id in ["m1", "p1", "a1"] {
        let refusal = unused.demand_may_retire(id).unwrap_err();
        assert!(matches!(refusal, KeyRefusal::IsActive { .. }), "{refusal}");
    }
}

#[tokio::test]
async fn a_key_that_some_process_still_uses_for_what_is_new_is_not_retired() {
    let late = process(2, &["m2", "p1", "a1", "m1"]);
    let late_id = late.id;
    let status = status([&[], &[], &[]], vec![process(1, WHOLE), late]).await;
    let expected = KeyRefusal::IsActiveElsewhere {
        id: "m2".to_owned(),
        processes: vec![late_id],
    };
    assert_eq!(status.demand_may_retire("m2"), Err(expected));
}
