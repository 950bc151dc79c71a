//! Findings of syncs.

use crate::failure::parse_column;
use crate::paging::{page_of, rows_to_read};
use crate::schema::findings;
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::finding::{Finding, FindingKind};
use domain::ids::{EnvironmentId, FindingId, TeamId};
use domain::page::{Page, PageRequest};
use domain::ports::{FindingFilter, StoreError};
use domain::team_event::{TeamEventSubject, TeamEventType};
use jiff::Timestamp;

const TABLE: &str = "findings";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = findings, treat_none_as_default_value = false)]
struct FindingRow {
    team_id: Id<TeamId>,
    id: Id<FindingId>,
    kind: String,
    subject: String,
    environment_id: Option<Id<EnvironmentId>>,
    address: Option<String>,
    display_name: Option<String>,
    detail: String,
    first_seen_at: Moment,
    confirmed_at: Option<Moment>,
    closed_at: Option<Moment>,
}

impl From<&Finding> for FindingRow {
    fn from(finding: &Finding) -> Self {
        Self {
            team_id: Id(finding.team_id),
            id: Id(finding.id),
            kind: finding.kind.as_str().to_owned(),
            subject: finding.subject.clone(),
            environment_id: finding.environment_id.map(Id),
            address: finding.address.clone(),
            display_name: finding.display_name.clone(),
            detail: finding.detail.clone(),
            first_seen_at: Moment(finding.first_seen_at),
            confirmed_at: finding.confirmed_at.map(Moment),
            closed_at: finding.closed_at.map(Moment),
        }
    }
}

impl TryFrom<FindingRow> for Finding {
    type Error = StoreError;

    fn try_from(row: FindingRow) -> Result<Self, StoreError> {
        Ok(Self {
            team_id: row.team_id.0,
            id: row.id.0,
            kind: parse_column(TABLE, "kind", &row.kind, FindingKind::parse)?,
            subject: row.subject,
            environment_id: row.environment_id.map(|id| id.0),
            address: row.address,
            display_name: row.display_name,
            detail: row.detail,
            first_seen_at: row.first_seen_at.0,
            confirmed_at: row.confirmed_at.map(|at| at.0),
            closed_at: row.closed_at.map(|at| at.0),
        })
    }
}

/// What was found and not closed, confirmed or not.
pub(super) async fn list_open(
    session: &mut Session,
    team: TeamId,
) -> Result<Vec<Finding>, StoreError> {
    let rows: Vec<FindingRow> = on_session!(session, c => findings::table
        .filter(findings::team_id.eq(Id(team)))
        .filter(findings::closed_at.is_null())
        .select(FindingRow::as_select())
        .order(findings::id)
        .load(c)
        .await)?;
    rows.into_iter().map(Finding::try_from).collect()
}

/// What was confirmed, newest first.
pub(crate) async fn list(
    session: &mut Session,
    team: TeamId,
    filter: &FindingFilter,
    page: PageRequest<FindingId>,
) -> Result<Page<Finding, FindingId>, StoreError> {
    let rows: Vec<FindingRow> = on_session!(session, c => {
        let mut query = findings::table
            .filter(findings::team_id.eq(Id(team)))
            .filter(findings::confirmed_at.is_not_null())
            .select(FindingRow::as_select())
            .into_boxed();
        if let Some(before) = page.after() {
            query = query.filter(findings::id.lt(Id(before)));
        }
        if let Some(kind) = filter.kind {
            query = query.filter(findings::kind.eq(kind.as_str()));
        }
        if let Some(environment) = filter.environment_id {
            query = query.filter(findings::environment_id.eq(Id(environment)));
        }
        match filter.is_closed {
            Some(true) => query = query.filter(findings::closed_at.is_not_null()),
            Some(false) => query = query.filter(findings::closed_at.is_null()),
            None => {}
        }
        query.order(findings::id.desc()).limit(rows_to_read(&page)).load(c).await
    })?;
    let items = rows.into_iter().map(Finding::try_from);
    Ok(page_of(
        items.collect::<Result<_, _>>()?,
        &page,
        |finding| finding.id,
    ))
}

pub(super) async fn insert(session: &mut Session, finding: &Finding) -> Result<(), StoreError> {
    let row = FindingRow::from(finding);
    on_session!(session, c => diesel::insert_into(findings::table)
        .values(&row)
        .execute(c)
        .await)?;
    Ok(())
}

pub(super) async fn confirm(
    session: &mut Session,
    (team, finding): (TeamId, FindingId),
    at: Timestamp,
) -> Result<(), StoreError> {
    let confirmed: Option<FindingRow> = on_session!(session, c => diesel::update(findings::table.find((Id(team), Id(finding))))
        .filter(findings::confirmed_at.is_null())
        .set(findings::confirmed_at.eq(Some(Moment(at))))
        .returning(FindingRow::as_returning())
        .get_result(c)
        .await
        .optional())?;
    if let Some(row) = confirmed {
        tell(session, TeamEventType::FindingOpened, row);
    }
    Ok(())
}

pub(super) async fn close(
    session: &mut Session,
    (team, finding): (TeamId, FindingId),
    at: Timestamp,
) -> Result<(), StoreError> {
    let closed: Option<FindingRow> = on_session!(session, c => diesel::update(findings::table.find((Id(team), Id(finding))))
        .filter(findings::closed_at.is_null())
        .set(findings::closed_at.eq(Some(Moment(at))))
        .returning(FindingRow::as_returning())
        .get_result(c)
        .await
        .optional())?;
    // One that was never confirmed was never told of.
    if let Some(row) = closed.filter(|row| row.confirmed_at.is_some()) {
        tell(session, TeamEventType::FindingClosed, row);
    }
    Ok(())
}

fn tell(session: &mut Session, event_type: TeamEventType, row: FindingRow) {
    let subject = TeamEventSubject::Finding {
        finding_id: row.id.0,
        kind: row.kind,
        environment_id: row.environment_id.map(|id| id.0),
    };
    session.tell(row.team_id.0, event_type, subject);
}
