//! Events of teams. What a transaction has to tell is kept by its session and written at the commit: the row that
//! counts a team's events is locked by everybody who writes one, and must not be held while other locks are awaited.
//! So numbers have no gap and become visible in their order.

use crate::failure::{inconsistent, parse_column};
use crate::paging::{page_of, rows_to_read};
use crate::schema::{team_event_counters, team_events};
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment, PrepareOnce as _, database_now};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::{EnvironmentId, TeamId};
use domain::page::{Page, PageRequest};
use domain::ports::{StoreError, TeamEventFilter};
use domain::team_event::{TeamEvent, TeamEventSubject, TeamEventType};
use std::collections::BTreeMap;
use std::str::FromStr;

const TABLE: &str = "team_events";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = team_events, treat_none_as_default_value = false)]
struct TeamEventRow {
    team_id: Id<TeamId>,
    sequence: i64,
    at: Moment,
    event_type: String,
    subject: String,
    environment_id: Option<Id<EnvironmentId>>,
    detail: Option<String>,
}

impl From<TeamEvent> for TeamEventRow {
    fn from(event: TeamEvent) -> Self {
        let environment_id = event.subject.environment_id().map(Id);
        let (subject, detail) = match event.subject {
            TeamEventSubject::Job { job_id, kind, .. } => (job_id.to_string(), Some(kind)),
            TeamEventSubject::Environment {
                environment_id,
                state,
            } => (environment_id.to_string(), Some(state)),
            TeamEventSubject::Finding {
                finding_id, kind, ..
            } => (finding_id.to_string(), Some(kind)),
            TeamEventSubject::PlatformAccount {
                platform_account_id,
            } => (platform_account_id.to_string(), None),
            TeamEventSubject::Webhook { webhook_id } => (webhook_id.to_string(), None),
        };
        Self {
            team_id: Id(event.team_id),
            sequence: event.sequence,
            at: Moment(event.at),
            event_type: event.event_type.as_str().to_owned(),
            subject,
            environment_id,
            detail,
        }
    }
}

impl TryFrom<TeamEventRow> for TeamEvent {
    type Error = StoreError;

    fn try_from(row: TeamEventRow) -> Result<Self, StoreError> {
        let event_type = parse_column(TABLE, "event_type", &row.event_type, TeamEventType::parse)?;
        Ok(Self {
            team_id: row.team_id.0,
            sequence: row.sequence,
            at: row.at.0,
            event_type,
            subject: subject_of(event_type, &row)?,
        })
    }
}

fn subject_of(
    event_type: TeamEventType,
    row: &TeamEventRow,
) -> Result<TeamEventSubject, StoreError> {
    use TeamEventType as E;
    let environment_id = row.environment_id.map(|id| id.0);
    let detail = || row.detail.clone().unwrap_or_default();
    Ok(match event_type {
        E::JobQueued
        | E::JobStarted
        | E::JobSucceeded
        | E::JobFailed
        | E::JobCancelled
        | E::JobNeedsAttention => TeamEventSubject::Job {
            job_id: id_in(&row.subject)?,
            kind: detail(),
            environment_id,
        },
        E::EnvironmentCreated | E::EnvironmentChanged | E::EnvironmentGone => {
            TeamEventSubject::Environment {
                environment_id: id_in(&row.subject)?,
                state: detail(),
            }
        }
        E::FindingOpened | E::FindingClosed => TeamEventSubject::Finding {
            finding_id: id_in(&row.subject)?,
            kind: detail(),
            environment_id,
        },
        E::PlatformAccountConnected
        | E::PlatformAccountNeedsReauthentication
        | E::PlatformAccountDisconnected => TeamEventSubject::PlatformAccount {
            platform_account_id: id_in(&row.subject)?,
        },
        E::WebhookDisabled => TeamEventSubject::Webhook {
            webhook_id: id_in(&row.subject)?,
        },
    })
}

fn id_in<T: FromStr<Err: std::fmt::Display>>(subject: &str) -> Result<T, StoreError> {
    subject
        .parse()
        .map_err(|error| inconsistent(TABLE, "subject", error))
}

/// Writes what the transaction has to tell, team by team in the order of their ids, so that two transactions that
/// tell something in the same teams wait for each other in one direction. The last thing before the audit trails.
pub(crate) async fn write_told(session: &mut Session) -> Result<(), StoreError> {
    let mut by_team: BTreeMap<TeamId, Vec<_>> = BTreeMap::new();
    for told in session.take_told() {
        by_team.entry(told.team_id).or_default().push(told);
    }
    for (team_id, events) in by_team {
        let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
        let (last, now) = reserve(session, team_id, count).await?;
        for (told, sequence) in events.into_iter().zip(last - count + 1..) {
            let row = TeamEventRow::from(TeamEvent {
                team_id,
                sequence,
                at: now.0,
                event_type: told.event_type,
                subject: told.subject,
            });
            on_session!(session, c => diesel::insert_into(team_events::table)
                .values(&row)
                .prepared_once().execute(c)
                .await)?;
        }
    }
    Ok(())
}

/// Takes the next numbers of the team; the last of them, and the time.
async fn reserve(
    session: &mut Session,
    team: TeamId,
    count: i64,
) -> Result<(i64, Moment), StoreError> {
    on_session!(session, c => diesel::insert_into(team_event_counters::table)
        .values((
            team_event_counters::team_id.eq(Id(team)),
            team_event_counters::last_sequence.eq(count),
        ))
        .on_conflict(team_event_counters::team_id)
        .do_update()
        .set(team_event_counters::last_sequence.eq(team_event_counters::last_sequence + count))
        .returning((team_event_counters::last_sequence, database_now()))
        .prepared_once().get_result(c)
        .await)
}

/// Events after a number, in order.
pub(crate) async fn list(
    session: &mut Session,
    team: TeamId,
    filter: TeamEventFilter,
    page: PageRequest<i64>,
) -> Result<Page<TeamEvent, i64>, StoreError> {
    let rows: Vec<TeamEventRow> = on_session!(session, c => {
        let mut query = team_events::table
            .filter(team_events::team_id.eq(Id(team)))
            .filter(team_events::sequence.gt(page.after().unwrap_or(0)))
            .select(TeamEventRow::as_select())
            .into_boxed();
        if let Some(event_type) = filter.event_type {
            query = query.filter(team_events::event_type.eq(event_type.as_str()));
        }
        if let Some(environment) = filter.environment_id {
            query = query.filter(team_events::environment_id.eq(Id(environment)));
        }
        query.order(team_events::sequence).limit(rows_to_read(&page)).load(c).await
    })?;
    let items = rows.into_iter().map(TeamEvent::try_from);
    Ok(page_of(items.collect::<Result<_, _>>()?, &page, |event| {
        event.sequence
    }))
}
