//! The audit trails: one of each team, one of the system. Events are kept until the commit and
//! written last: the row that counts a trail's lines is locked by everybody who writes one, and must
//! not be held while other locks are awaited.

mod row;

use crate::schema::{audit_events, audit_trails};
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment, PrepareOnce as _, database_now};
use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::audit::{AuditEvent, AuditRecord};
use domain::ids::{EntityId as _, TeamId};
use domain::planted::{self, Fault};
use domain::ports::{AuditSealer, AuditStore, StoreError};
use row::AuditRow;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

pub(crate) mod reading;

/// The events of one transaction, and what seals them.
pub(crate) struct AuditTrail {
    events: Vec<AuditEvent>,
    sealer: Arc<dyn AuditSealer>,
}

impl AuditTrail {
    pub(crate) fn new(sealer: Arc<dyn AuditSealer>) -> Self {
        Self {
            events: Vec::new(),
            sealer,
        }
    }
}

#[async_trait]
impl AuditStore for AuditTrail {
    async fn append_audit_event(&mut self, event: &AuditEvent) -> Result<(), StoreError> {
        if !planted::is_on(Fault::AuditSkipped) {
            self.events.push(event.clone());
        }
        Ok(())
    }
}

/// The id that a trail is stored under: the nil id is that of the system's.
fn trail_id(team: Option<TeamId>) -> Id<TeamId> {
    Id(team.unwrap_or_else(|| TeamId::from_uuid(Uuid::nil())))
}

fn team_of_trail(id: Id<TeamId>) -> Option<TeamId> {
    Some(id.0).filter(|team| !team.as_uuid().is_nil())
}

/// Writes the events, trail by trail in the order of their ids, so that two transactions that write
/// into the same trails wait for each other in one direction.
pub(crate) async fn write_audit_events(
    session: &mut Session,
    trail: AuditTrail,
) -> Result<(), StoreError> {
    let mut by_team: BTreeMap<Option<TeamId>, Vec<AuditEvent>> = BTreeMap::new();
    for event in trail.events {
        by_team.entry(event.team_id).or_default().push(event);
    }
    for (team, events) in by_team {
        write_into(session, &*trail.sealer, team, events).await?;
    }
    Ok(())
}

async fn write_into(
    session: &mut Session,
    sealer: &dyn AuditSealer,
    team: Option<TeamId>,
    events: Vec<AuditEvent>,
) -> Result<(), StoreError> {
    let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
    let end = reserve(session, team, count).await?;
    let mut last_key_id = None;
    let mut last_mac = end.last_mac.unwrap_or_default();
    for (event, sequence) in events.into_iter().zip(end.last_sequence - count + 1..) {
        let mut record = AuditRecord {
            sequence,
            at: end.now.0,
            event,
            seal: None,
        };
        let seal = sealer.seal(&last_mac, &record.sealed_bytes());
        last_key_id = Some(seal.key_id.clone());
        last_mac.clone_from(&seal.mac);
        record.seal = Some(seal);
        let row = AuditRow::from(record);
        on_session!(session, c => diesel::insert_into(audit_events::table)
            .values(&row)
            .prepared_once().execute(c)
            .await)?;
    }
    on_session!(session, c => diesel::update(audit_trails::table.find(trail_id(team)))
        .set((audit_trails::last_key_id.eq(last_key_id), audit_trails::last_mac.eq(last_mac)))
        .prepared_once().execute(c)
        .await)?;
    Ok(())
}

/// The end of a trail with room for new lines.
#[derive(Queryable)]
struct ReservedEnd {
    /// The number of the last new line.
    last_sequence: i64,
    /// The seal of the last line that is there.
    last_mac: Option<Vec<u8>>,
    now: Moment,
}

/// Takes the next numbers of the trail.
async fn reserve(
    session: &mut Session,
    team: Option<TeamId>,
    count: i64,
) -> Result<ReservedEnd, StoreError> {
    on_session!(session, c => diesel::insert_into(audit_trails::table)
        .values((
            audit_trails::team_id.eq(trail_id(team)),
            audit_trails::last_sequence.eq(count),
        ))
        .on_conflict(audit_trails::team_id)
        .do_update()
        .set(audit_trails::last_sequence.eq(audit_trails::last_sequence + count))
        .returning((audit_trails::last_sequence, audit_trails::last_mac, database_now()))
        .prepared_once().get_result(c)
        .await)
}
