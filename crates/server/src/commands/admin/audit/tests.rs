use super::{as_json, as_text};
use application::audit::{TrailBreak, TrailFault, TrailReport};
use domain::ids::{EntityId as _, TeamId};

fn reports() -> [TrailReport; 2] {
    [
        TrailReport {
            team_id: None,
            right_lines: 7,
            unsealed_lines: 2,
            broken_at: None,
        },
        TrailReport {
            team_id: Some(TeamId::from_uuid(uuid::Uuid::default())),
            right_lines: 299,
            unsealed_lines: 0,
            broken_at: Some(TrailBreak {
                sequence: 300,
                fault: TrailFault::WrongSeal,
            }),
        },
    ]
}

#[test]
fn people_are_told_where_a_trail_breaks() {
    let [system, team] = reports();
    assert_eq!(
        as_text(&system),
        "system: 7 line(s), all right (2 of them older than the chain)"
    );
    assert_eq!(
        as_text(&team),
        "team_00000000000000000000000000: BROKEN at line 300: wrong_seal; 299 line(s) before it are \
         right"
    );
}

#[test]
fn programs_get_one_object() {
    let value: serde_json::Value = serde_json::from_str(&as_json(&reports())).expect("JSON");
    assert_eq!(value["broken"], 1);
    assert!(value["trails"][0]["team_id"].is_null());
    assert!(value["trails"][0]["broken_at"].is_null());
    assert_eq!(value["trails"][1]["broken_at"]["sequence"], 300);
    assert_eq!(value["trails"][1]["broken_at"]["fault"], "wrong_seal");
}
