use super::*;

fn key(id: &str, kind: KeyKind, is_active: bool) -> RingKey {
    RingKey {
        id: id.to_owned(),
        kind,
        is_active,
    }
}

#[test]
fn what_is_published_says_which_key_of_each_kind_is_active() {
    let ring = [
        key("a2", KeyKind::Audit, false),
        key("a1", KeyKind::Audit, true),
        key("m2", KeyKind::Master, false),
        key("p1", KeyKind::Pepper, true),
        key("m1", KeyKind::Master, true),
    ];
    let published = published_key_ids(&ring);
    assert_eq!(published, ["m1", "p1", "a1", "m2", "a2"]);
    for active in ring.iter().filter(|key| key.is_active) {
        assert_eq!(
            active_key_id(&published, active.kind),
            Some(active.id.as_str())
        );
    }
    assert_eq!(active_key_id(&[], KeyKind::Master), None);
}
