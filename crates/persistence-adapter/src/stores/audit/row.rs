//! The way between a line of a trail and its row.

use super::{team_of_trail, trail_id};
use crate::failure::parse_column;
use crate::schema::audit_events;
use crate::sql::{Id, Moment};
use diesel::prelude::*;
use domain::access::Principal;
use domain::audit::{AuditEvent, AuditOutcome, AuditRecord, AuditSeal};
use domain::ids::{AuditEventId, RequestId, TeamId};
use domain::ports::StoreError;

const TABLE: &str = "audit_events";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_events, treat_none_as_default_value = false)]
pub(super) struct AuditRow {
    team_id: Id<TeamId>,
    sequence: i64,
    id: Id<AuditEventId>,
    at: Moment,
    principal: String,
    action: String,
    target: String,
    outcome: String,
    request_id: Option<Id<RequestId>>,
    client_address: Option<String>,
    user_agent: Option<String>,
    credential: Option<String>,
    detail: Option<String>,
    seal_key_id: Option<String>,
    seal_mac: Option<Vec<u8>>,
}

impl From<AuditRecord> for AuditRow {
    fn from(record: AuditRecord) -> Self {
        let event = record.event;
        let (seal_key_id, seal_mac) = record.seal.map(|seal| (seal.key_id, seal.mac)).unzip();
        Self {
            team_id: trail_id(event.team_id),
            sequence: record.sequence,
            id: Id(event.id),
            at: Moment(record.at),
            principal: event.principal.as_text(),
            action: event.action,
            target: event.target,
            outcome: event.outcome.as_str().to_owned(),
            request_id: event.request_id.map(Id),
            client_address: event.client_address,
            user_agent: event.user_agent,
            credential: event.credential,
            detail: event.detail,
            seal_key_id,
            seal_mac,
        }
    }
}

impl TryFrom<AuditRow> for AuditRecord {
    type Error = StoreError;

    fn try_from(row: AuditRow) -> Result<Self, StoreError> {
        let event = AuditEvent {
            id: row.id.0,
            team_id: team_of_trail(row.team_id),
            principal: parse_column(TABLE, "principal", &row.principal, Principal::parse)?,
            credential: row.credential,
            action: row.action,
            target: row.target,
            outcome: parse_column(TABLE, "outcome", &row.outcome, AuditOutcome::parse)?,
            detail: row.detail,
            request_id: row.request_id.map(|id| id.0),
            client_address: row.client_address,
            user_agent: row.user_agent,
        };
        let seal = row.seal_key_id.zip(row.seal_mac);
        Ok(Self {
            sequence: row.sequence,
            at: row.at.0,
            event,
            seal: seal.map(|(key_id, mac)| AuditSeal { key_id, mac }),
        })
    }
}
