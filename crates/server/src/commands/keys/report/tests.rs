use super::*;
use domain::ids::{EntityId as _, ProcessId};
use domain::key_ring::RingKey;
use uuid::Uuid;

fn status() -> KeysStatus {
    let process = ProcessId::from_uuid(Uuid::from_u128(1));
    let key = |id: &str, kind, is_active| KeyStatus {
        key: RingKey {
            id: id.to_owned(),
            kind,
            is_active,
        },
        records: 3,
        held_by: vec![process],
        active_in: if is_active { vec![process] } else { Vec::new() },
    };
    KeysStatus {
        keys: vec![
            key("m1", KeyKind::Master, true),
            key("m2", KeyKind::Master, false),
            key("p1", KeyKind::Pepper, true),
        ],
        missing: vec![MissingKey {
            id: "p9".to_owned(),
            kind: KeyKind::Pepper,
            records: 7,
        }],
        processes: vec![process],
    }
}

#[test]
fn programs_get_every_key_with_its_holders() {
    let text = as_json(&status(), &KeyKind::ALL);
    let shown: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(shown["keys"].as_array().unwrap().len(), 3);
    assert_eq!(shown["keys"][0]["state"], "active");
    assert_eq!(shown["keys"][1]["state"], "decrypt_only");
    assert_eq!(shown["keys"][1]["held_by"], shown["processes"]);
    assert_eq!(shown["keys"][1]["active_in"], serde_json::json!([]));
    assert_eq!(shown["missing"][0]["records"], 7);
}

#[test]
fn a_kind_can_be_picked() {
    let text = as_text(&status(), &[KeyKind::Master]).join("\n");
    assert!(
        text.contains("m2  decrypt_only  3 record(s), held by 1 of 1, active in 0"),
        "{text}"
    );
    assert!(!text.contains("p1") && !text.contains("p9"), "{text}");
    let text = as_text(&status(), &KeyKind::ALL).join("\n");
    assert!(text.contains("missing: 7 live tokens"), "{text}");
}

#[test]
fn a_change_says_what_to_do_next() {
    assert_eq!(change("added", "m3", "do", false), ["added m3", "do"]);
    let json = r#"{"change":"added","id":"m3","next":"do"}"#;
    assert_eq!(change("added", "m3", "do", true), [json]);
}
