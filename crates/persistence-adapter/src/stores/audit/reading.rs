//! Reading the trails: for people, newest first; for checking the chain, in its order.

use super::row::AuditRow;
use super::{team_of_trail, trail_id};
use crate::paging::{page_of, rows_to_read};
use crate::schema::{audit_events, audit_trails};
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment};
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::audit::AuditRecord;
use domain::ids::TeamId;
use domain::page::{Page, PageRequest};
use domain::ports::{AuditFilter, AuditTrailHead, StoreError};

/// Lines that match the filter, newest first, before the position.
pub(crate) async fn list(
    session: &mut Session,
    team: Option<TeamId>,
    filter: &AuditFilter,
    page: PageRequest<i64>,
) -> Result<Page<AuditRecord, i64>, StoreError> {
    let rows: Vec<AuditRow> = on_session!(session, c => {
        let mut query = audit_events::table
            .filter(audit_events::team_id.eq(trail_id(team)))
            .select(AuditRow::as_select())
            .into_boxed();
        if let Some(before) = page.after() {
            query = query.filter(audit_events::sequence.lt(before));
        }
        if let Some(action) = &filter.action {
            query = query.filter(audit_events::action.eq(action));
        }
        if let Some(principal) = &filter.principal {
            query = query.filter(audit_events::principal.eq(principal));
        }
        if let Some(target) = &filter.target {
            query = query.filter(audit_events::target.eq(target));
        }
        if let Some(outcome) = filter.outcome {
            query = query.filter(audit_events::outcome.eq(outcome.as_str()));
        }
        if let Some(since) = filter.since {
            query = query.filter(audit_events::at.ge(Moment(since)));
        }
        if let Some(until) = filter.until {
            query = query.filter(audit_events::at.lt(Moment(until)));
        }
        query.order(audit_events::sequence.desc()).limit(rows_to_read(&page)).load(c).await
    })?;
    page_of_lines(rows, &page)
}

/// Lines in the order of the chain, after the position.
pub(crate) async fn list_chain(
    session: &mut Session,
    team: Option<TeamId>,
    page: PageRequest<i64>,
) -> Result<Page<AuditRecord, i64>, StoreError> {
    let rows: Vec<AuditRow> = on_session!(session, c => audit_events::table
        .filter(audit_events::team_id.eq(trail_id(team)))
        .filter(audit_events::sequence.gt(page.after().unwrap_or(0)))
        .select(AuditRow::as_select())
        .order(audit_events::sequence)
        .limit(rows_to_read(&page))
        .load(c)
        .await)?;
    page_of_lines(rows, &page)
}

fn page_of_lines(
    rows: Vec<AuditRow>,
    page: &PageRequest<i64>,
) -> Result<Page<AuditRecord, i64>, StoreError> {
    let items = rows.into_iter().map(AuditRecord::try_from);
    Ok(page_of(items.collect::<Result<_, _>>()?, page, |line| {
        line.sequence
    }))
}

/// All trails with their ends. The system's has the smallest id, so it comes first, and no position
/// is before it.
pub(crate) async fn list_trails(
    session: &mut Session,
    page: PageRequest<TeamId>,
) -> Result<Page<AuditTrailHead, TeamId>, StoreError> {
    let rows: Vec<(Id<TeamId>, i64, Option<Vec<u8>>)> = on_session!(session, c => {
        let mut query = audit_trails::table
            .select((
                audit_trails::team_id,
                audit_trails::last_sequence,
                audit_trails::last_mac,
            ))
            .into_boxed();
        if let Some(after) = page.after() {
            query = query.filter(audit_trails::team_id.gt(Id(after)));
        }
        query.order(audit_trails::team_id).limit(rows_to_read(&page)).load(c).await
    })?;
    let heads = rows
        .into_iter()
        .map(|(id, last_sequence, last_mac)| AuditTrailHead {
            team_id: team_of_trail(id),
            last_sequence,
            last_mac: last_mac.unwrap_or_default(),
        });
    Ok(page_of(heads.collect(), &page, |head: &AuditTrailHead| {
        trail_id(head.team_id).0
    }))
}

/// How many lines are sealed under each key.
pub(crate) async fn count_by_key(session: &mut Session) -> Result<Vec<(String, i64)>, StoreError> {
    on_session!(session, c => audit_events::table
        .filter(audit_events::seal_key_id.is_not_null())
        .group_by(audit_events::seal_key_id)
        .select((audit_events::seal_key_id.assume_not_null(), count_star()))
        .load(c)
        .await)
}
