use super::TeamEventType;
use crate::ids::{EntityId as _, TeamEventId, TeamId};
use uuid::Uuid;

#[test]
fn every_type_is_read_as_it_is_written_and_says_what_it_means() {
    for event_type in TeamEventType::ALL {
        let text = event_type.as_str();
        assert_eq!(TeamEventType::parse(text), Some(*event_type));
        assert!(text.split_once('.').is_some(), "{text}");
        assert!(event_type.meaning().ends_with('.'), "{text}");
    }
    assert_eq!(TeamEventType::parse("job.exploded"), None);
}

#[test]
fn the_id_of_an_event_names_team_and_number() {
    let id = TeamEventId {
        team_id: TeamId::from_uuid(Uuid::from_u128(1)),
        sequence: 42,
    };
    assert_eq!(id.to_string(), "evt_00000000000000000000000001_42");
}
