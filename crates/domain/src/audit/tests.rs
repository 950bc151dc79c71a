use super::{AuditEvent, AuditOutcome, AuditRecord};
use crate::access::{Principal, RequestOrigin};
use crate::ids::{AuditEventId, EntityId as _, RequestId, TeamId};
use jiff::Timestamp;
use std::collections::BTreeSet;
use uuid::Uuid;

fn record() -> AuditRecord {
    let origin = RequestOrigin {
        request_id: RequestId::from_uuid(Uuid::from_u128(2)),
        client_address: Some("192.0.2.1".to_owned()),
        user_agent: None,
    };
    AuditRecord {
        sequence: 1,
        at: Timestamp::UNIX_EPOCH,
        event: AuditEvent::at(
            AuditEventId::from_uuid(Uuid::from_u128(1)),
            &origin,
            "a.b",
            "target",
        ),
        seal: None,
    }
}

#[test]
fn every_field_of_a_line_changes_what_is_sealed() {
    let changes: &[fn(&mut AuditRecord)] = &[
        |_| {},
        |it| it.sequence = 2,
        |it| it.at = Timestamp::from_microsecond(1).expect("a time"),
        |it| it.event.id = AuditEventId::from_uuid(Uuid::from_u128(9)),
        |it| it.event.team_id = Some(TeamId::from_uuid(Uuid::from_u128(1))),
        |it| it.event.principal = Principal::System,
        |it| it.event.credential = Some(String::new()),
        |it| it.event.action = "a.bt".to_owned(),
        |it| it.event.target = "arget".to_owned(),
        |it| it.event.outcome = AuditOutcome::Refused,
        |it| it.event.detail = Some(String::new()),
        |it| it.event.request_id = None,
        |it| it.event.client_address = None,
        |it| it.event.user_agent = Some("192.0.2.1".to_owned()),
    ];
    let sealed: BTreeSet<_> = changes
        .iter()
        .map(|change| {
            let mut record = record();
            change(&mut record);
            record.sealed_bytes()
        })
        .collect();
    assert_eq!(sealed.len(), changes.len());
}

#[test]
fn outcomes_round_trip() {
    for text in ["accepted", "succeeded", "failed", "refused"] {
        assert_eq!(
            AuditOutcome::parse(text).map(AuditOutcome::as_str),
            Some(text)
        );
    }
    assert_eq!(AuditOutcome::parse("ACCEPTED"), None);
}
