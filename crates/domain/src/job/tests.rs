use super::{JobEvent as Event, JobKind, JobLogLevel, JobState as State, WaitReason};

const EVENTS: [Event; 11] = [
    Event::Claimed,
    Event::Parked,
    Event::Released,
    Event::CancelRequested,
    Event::Succeeded,
    Event::Failed,
    Event::Cancelled,
    Event::AttentionNeeded,
    Event::Reopened,
    Event::UndoReopened,
    Event::Closed,
];

#[rustfmt::skip]
const TABLE: &[(State, [Option<State>; 11])] = {
    use State::{Cancelled, Cancelling, Failed, NeedsAttention, Queued, Running, Succeeded, Waiting};
    &[
        (Queued, [Some(Running), None, None, Some(Cancelling), None, None, Some(Cancelled), None, None, None, None]),
        (Running, [Some(Running), Some(Waiting), Some(Queued), Some(Cancelling), Some(Succeeded), Some(Failed), None, Some(NeedsAttention), None, None, None]),
        (Waiting, [Some(Running), None, None, Some(Cancelling), None, None, None, None, None, None, None]),
        (Cancelling, [Some(Cancelling), Some(Cancelling), Some(Cancelling), None, None, None, Some(Cancelled), Some(NeedsAttention), None, None, None]),
        (Succeeded, [None; 11]),
        (Failed, [None; 11]),
        (Cancelled, [None; 11]),
        (NeedsAttention, [None, None, None, None, None, None, None, None, Some(Queued), Some(Cancelling), Some(Failed)]),
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
fn nothing_leaves_a_final_state() {
    for state in State::ALL.iter().filter(|state| state.is_final()) {
        assert!(state.is_at_rest());
        assert!(EVENTS.iter().all(|event| state.after(*event).is_err()));
    }
}

#[test]
fn text_forms_round_trip() {
    for state in State::ALL {
        assert_eq!(State::parse(state.as_str()), Some(*state));
    }
    for kind in JobKind::ALL {
        assert_eq!(JobKind::parse(kind.as_str()), Some(*kind));
    }
    for reason in WaitReason::ALL {
        assert_eq!(WaitReason::parse(reason.as_str()), Some(reason.clone()));
    }
    assert_eq!(JobLogLevel::parse("warning"), Some(JobLogLevel::Warning));
    assert_eq!(JobLogLevel::parse("loud"), None);
}
