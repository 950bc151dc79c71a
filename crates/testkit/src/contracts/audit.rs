//! The audit trails: numbers without a gap, lines sealed into a chain, and what filters find.

use super::Store;
use super::store::all_pages;
use crate::builders;
use crate::seals::KeylessSealer;
use domain::access::Permission;
use domain::audit::{AuditEvent, AuditOutcome, AuditRecord};
use domain::error_code::ErrorCode;
use domain::ids::TeamId;
use domain::page::PageRequest;
use domain::ports::{AuditFilter, AuditSealer as _, AuditTrailHead, new_id};
use futures::future::join_all;
use jiff::SignedDuration;

/// Writes the events in one transaction.
pub async fn append(store: &Store, events: &[AuditEvent]) {
    store
        .write(async |transaction| {
            for event in events {
                transaction.audit().append_audit_event(event).await?;
            }
            Ok(())
        })
        .await
        .expect("appended");
}

/// The whole chain of a trail.
pub async fn chain(store: &Store, team: Option<TeamId>) -> Vec<AuditRecord> {
    all_pages(async |page| store.read_model.list_audit_chain(team, page).await).await
}

async fn heads(store: &Store) -> Vec<AuditTrailHead> {
    all_pages(async |page| store.read_model.list_audit_trails(page).await).await
}

/// Why a trail is not what was written.
pub async fn broken_at(store: &Store, team: Option<TeamId>) -> Option<String> {
    let mut previous = Vec::new();
    let mut expected = 0;
    for line in chain(store, team).await {
        expected += 1;
        if line.sequence != expected {
            return Some(format!("line {expected} is missing"));
        }
        let Some(seal) = &line.seal else {
            return Some(format!("line {expected} has no seal"));
        };
        if !KeylessSealer.is_right(&previous, &line.sealed_bytes(), seal) {
            return Some(format!("line {expected} was changed"));
        }
        previous.clone_from(&seal.mac);
    }
    let head = heads(store)
        .await
        .into_iter()
        .find(|head| head.team_id == team);
    match head {
        Some(head) if head.last_sequence != expected => {
            Some(format!("the end is after {expected}"))
        }
        Some(head) if head.last_mac != previous => Some(format!("line {expected} is not the end")),
        None if expected > 0 => Some("the trail has no end".to_owned()),
        _ => None,
    }
}

fn event_of_request(store: &Store, team: TeamId) -> AuditEvent {
    let actor = builders::actor(&*store.ids, team, &[Permission::JobView]);
    let code = ErrorCode::PermissionDenied;
    AuditEvent::refused(new_id(&*store.ids), &actor, "job.cancel", "job_1", code)
}

/// Every column there and back, numbered from one, with the database's time.
pub async fn lines_are_read_as_they_were_written(store: &Store) {
    let team: TeamId = new_id(&*store.ids);
    let events = [
        builders::audit_event(&*store.ids, team),
        event_of_request(store, team),
    ];
    append(store, &events).await;
    append(store, &events[..1]).await;
    let lines = chain(store, Some(team)).await;
    let read: Vec<_> = lines
        .iter()
        .map(|line| (line.sequence, line.event.clone()))
        .collect();
    let [first, second] = events;
    assert_eq!(read, [(1, first.clone()), (2, second), (3, first)]);
    assert_eq!(lines[0].at, lines[1].at, "one transaction, one time");
    assert!(lines[2].at >= lines[1].at && lines[0].at > builders::moment());
    assert_eq!(broken_at(store, Some(team)).await, None);
}

/// What belongs to no team, and the trails of two teams, are chains of their own.
pub async fn the_system_has_a_trail_of_its_own(store: &Store) {
    let (team, other): (TeamId, TeamId) = (new_id(&*store.ids), new_id(&*store.ids));
    let origin = builders::origin(&*store.ids);
    let of_system = AuditEvent::at(new_id(&*store.ids), &origin, "user.sign_in", "unknown");
    let events = [
        builders::audit_event(&*store.ids, other),
        of_system.clone(),
        builders::audit_event(&*store.ids, team),
        of_system.clone(),
    ];
    append(store, &events).await;
    for (trail, lines) in [(None, 2), (Some(team), 1), (Some(other), 1)] {
        let chain = chain(store, trail).await;
        assert_eq!(chain.len(), lines);
        assert!(chain.iter().all(|line| line.event.team_id == trail));
        assert_eq!(broken_at(store, trail).await, None);
    }
    let heads: Vec<_> = heads(store)
        .await
        .into_iter()
        .map(|head| (head.team_id, head.last_sequence))
        .collect();
    assert_eq!(heads, [(None, 2), (Some(team), 1), (Some(other), 1)]);
}

/// Many writers at once, some of whom give up: no gap, and each line is sealed to the one before.
pub async fn a_chain_holds_under_many_writers(store: &Store) {
    let teams: [TeamId; 2] = [new_id(&*store.ids), new_id(&*store.ids)];
    let writers = (0..40).map(|number| async move {
        let mut transaction = store.begin().await;
        for turn in 0..3 {
            let event = builders::audit_event(&*store.ids, teams[(number + turn) % 2]);
            transaction
                .audit()
                .append_audit_event(&event)
                .await
                .expect("appended");
        }
        if number % 5 != 0 {
            transaction.commit().await.expect("committed");
        }
    });
    join_all(writers).await;
    let mut lines = 0;
    for team in teams {
        assert_eq!(broken_at(store, Some(team)).await, None);
        lines += chain(store, Some(team)).await.len();
    }
    assert_eq!(lines, 32 * 3);
}

/// Newest first, by each filter and by all.
pub async fn lines_are_filtered_newest_first(store: &Store) {
    let team: TeamId = new_id(&*store.ids);
    let refused = event_of_request(store, team);
    let mut events = Vec::new();
    for _ in 0..3 {
        events.push(builders::audit_event(&*store.ids, team));
        events.push(refused.clone());
        events.push(builders::audit_event(&*store.ids, new_id(&*store.ids)));
    }
    append(store, &events).await;
    let list = async |filter: AuditFilter| {
        let list = async |page| {
            store
                .read_model
                .list_audit_events(Some(team), &filter, page)
                .await
        };
        let lines = all_pages(list).await;
        lines.iter().map(|line| line.sequence).collect::<Vec<i64>>()
    };
    let none = AuditFilter::default;
    assert_eq!(list(none()).await, [6, 5, 4, 3, 2, 1]);
    let by_action = AuditFilter {
        action: Some(refused.action.clone()),
        ..none()
    };
    let by_principal = AuditFilter {
        principal: Some(refused.principal.as_text()),
        ..none()
    };
    let by_target = AuditFilter {
        target: Some(refused.target.clone()),
        ..none()
    };
    let by_outcome = AuditFilter {
        outcome: Some(AuditOutcome::Refused),
        ..none()
    };
    for filter in [by_action.clone(), by_principal, by_target, by_outcome] {
        assert_eq!(list(filter).await, [6, 4, 2]);
    }
    let contradiction = AuditFilter {
        outcome: Some(AuditOutcome::Succeeded),
        ..by_action
    };
    assert!(list(contradiction).await.is_empty());
    let at = chain(store, Some(team)).await[0].at;
    let after = at + SignedDuration::from_micros(1);
    for (since, until, lines) in [
        (Some(at), None, 6),
        (Some(after), None, 0),
        (None, Some(after), 6),
        (None, Some(at), 0),
    ] {
        let filter = AuditFilter {
            since,
            until,
            ..none()
        };
        assert_eq!(list(filter).await.len(), lines, "{since:?} {until:?}");
    }
    let page = PageRequest::new(2, Some(3));
    let page = store
        .read_model
        .list_audit_events(Some(team), &none(), page)
        .await
        .expect("read");
    assert_eq!((page.items.len(), page.next_after), (2, None));
}
