use super::{EnvironmentEvent as Event, EnvironmentState as State, ObservedState as Seen};

const EVENTS: &[Event] = &[
    Event::Provisioned,
    Event::ProvisioningUndone,
    Event::Observed(Seen::Running),
    Event::Observed(Seen::Stopped),
    Event::Observed(Seen::Sleeping),
    Event::Observed(Seen::Changing),
    Event::Observed(Seen::Broken),
    Event::DeletionBegan,
    Event::DeletionEnded,
    Event::DeletionGivenUp(Seen::Sleeping),
];

/// The whole table: one row per state, one column per event, in the order of `EVENTS`.
const TABLE: &[(State, [Option<State>; 10])] = {
    const STANDING: [Option<State>; 10] = [
        None,
        None,
        Some(State::Running),
        Some(State::Stopped),
        Some(State::Sleeping),
        Some(State::Changing),
        Some(State::Broken),
        Some(State::Deleting),
        None,
        None,
    ];
    const NOTHING: [Option<State>; 10] = [None; 10];
    &[
        (
            State::Provisioning,
            [
                Some(State::Running),
                Some(State::Failed),
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                None,
            ],
        ),
        (State::Running, STANDING),
        (State::Stopped, STANDING),
        (State::Sleeping, STANDING),
        (State::Changing, STANDING),
        (State::Broken, STANDING),
        (
            State::Deleting,
            [
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                Some(State::Deleted),
                Some(State::Sleeping),
            ],
        ),
        (State::Deleted, NOTHING),
        (State::Failed, NOTHING),
    ]
};

#[test]
fn every_state_answers_every_event_as_the_table_says() {
    assert_eq!(TABLE.len(), State::ALL.len());
    for (state, row) in TABLE {
        for (event, expected) in EVENTS.iter().zip(row) {
            assert_eq!(state.after(*event).ok(), *expected, "{state:?} × {event:?}");
        }
    }
}

#[test]
fn text_forms_round_trip() {
    for state in State::ALL {
        assert_eq!(State::parse(state.as_str()), Some(*state));
    }
    assert_eq!(State::parse("gone"), None);
    assert_eq!(Seen::parse("changing"), Some(Seen::Changing));
    assert_eq!(Seen::parse("provisioning"), None);
}
