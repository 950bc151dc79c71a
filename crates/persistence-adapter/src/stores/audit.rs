//! The audit trail. Events are kept until the commit and written last: the row that counts a team's
//! events is locked by everybody who writes one, and must not be held while other locks are awaited.

use crate::schema::{audit_events, audit_trails};
use crate::session::{Session, on_session};
use crate::sql::{Id, database_now};
use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::audit::AuditEvent;
use domain::ids::TeamId;
use domain::ports::{AuditStore, StoreError};
use std::collections::BTreeMap;

/// The events of one transaction.
#[derive(Default)]
pub(crate) struct AuditTrail {
    events: Vec<AuditEvent>,
}

#[async_trait]
impl AuditStore for AuditTrail {
    async fn append_audit_event(&mut self, event: &AuditEvent) -> Result<(), StoreError> {
        self.events.push(event.clone());
        Ok(())
    }
}

/// Writes the events, team by team in the order of their ids, so that two transactions that write
/// for the same teams wait for each other in one direction.
pub(crate) async fn write_audit_events(
    session: &mut Session,
    trail: &AuditTrail,
) -> Result<(), StoreError> {
    let mut by_team: BTreeMap<TeamId, Vec<&AuditEvent>> = BTreeMap::new();
    for event in &trail.events {
        by_team.entry(event.team_id).or_default().push(event);
    }
    for (team, events) in by_team {
        let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
        let last = reserve(session, team, count).await?;
        for (event, sequence) in events.into_iter().zip(last - count + 1..) {
            insert(session, event, sequence).await?;
        }
    }
    Ok(())
}

/// Takes the next numbers of the team's trail and gives the last of them.
async fn reserve(session: &mut Session, team: TeamId, count: i64) -> Result<i64, StoreError> {
    on_session!(session, c => diesel::insert_into(audit_trails::table)
        .values((audit_trails::team_id.eq(Id(team)), audit_trails::last_sequence.eq(count)))
        .on_conflict(audit_trails::team_id)
        .do_update()
        .set(audit_trails::last_sequence.eq(audit_trails::last_sequence + count))
        .returning(audit_trails::last_sequence)
        .get_result(c)
        .await)
}

async fn insert(
    session: &mut Session,
    event: &AuditEvent,
    sequence: i64,
) -> Result<(), StoreError> {
    let row = (
        audit_events::team_id.eq(Id(event.team_id)),
        audit_events::sequence.eq(sequence),
        audit_events::id.eq(Id(event.id)),
        audit_events::at.eq(database_now()),
        audit_events::principal.eq(event.principal.as_text()),
        audit_events::action.eq(event.action),
        audit_events::target.eq(&event.target),
        audit_events::outcome.eq(event.outcome.as_str()),
        audit_events::request_id.eq(event.request_id.map(Id)),
        audit_events::client_address.eq(&event.client_address),
        audit_events::user_agent.eq(&event.user_agent),
    );
    on_session!(session, c => diesel::insert_into(audit_events::table)
        .values(row)
        .execute(c)
        .await)?;
    Ok(())
}
