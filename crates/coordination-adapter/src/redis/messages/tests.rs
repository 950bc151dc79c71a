use super::*;
use domain::ids::{EntityId as _, JobId, TeamId};
use uuid::Uuid;

#[test]
fn messages_are_read_by_others_and_not_by_their_sender() {
    let (sender, other) = (Origin::new().unwrap(), Origin::new().unwrap());
    let notice = JobChanged {
        team_id: TeamId::from_uuid(Uuid::from_u128(1)),
        job_id: JobId::from_uuid(Uuid::from_u128(2)),
    };
    let message = sender.message_about(notice);
    assert_eq!(other.read(&message), Received::Notice(notice));
    assert_eq!(sender.read(&message), Received::Own);
    for unreadable in [
        "",
        "x",
        "x y z",
        &format!("{message} more"),
        message.trim_end_matches(char::is_alphanumeric),
    ] {
        assert_eq!(
            other.read(unreadable),
            Received::Unreadable,
            "{unreadable:?}"
        );
    }
}
