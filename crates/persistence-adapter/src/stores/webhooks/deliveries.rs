//! Messages on their way to webhooks.

use crate::failure::{inconsistent, parse_column};
use crate::paging::{page_of, rows_to_read};
use crate::schema::webhook_deliveries;
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment, database_now, database_now_before, database_now_plus};
use diesel::dsl::{exists, select};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::{TeamId, WebhookDeliveryId, WebhookId};
use domain::page::{Page, PageRequest};
use domain::ports::{AttemptEnd, StoreError};
use domain::webhook::{WebhookDelivery, WebhookDeliveryState};
use std::time::Duration;

const TABLE: &str = "webhook_deliveries";

#[derive(Queryable, Selectable)]
#[diesel(table_name = webhook_deliveries)]
pub(super) struct DeliveryRow {
    team_id: Id<TeamId>,
    webhook_id: Id<WebhookId>,
    id: Id<WebhookDeliveryId>,
    message_id: String,
    event_type: String,
    body: String,
    state: String,
    attempts: i32,
    due_at: Moment,
    created_at: Moment,
    last_attempt_at: Option<Moment>,
    last_status: Option<i32>,
    last_error: Option<String>,
    ended_at: Option<Moment>,
}

impl TryFrom<DeliveryRow> for WebhookDelivery {
    type Error = StoreError;

    fn try_from(row: DeliveryRow) -> Result<Self, StoreError> {
        let status = row.last_status.map(u16::try_from).transpose();
        Ok(Self {
            id: row.id.0,
            team_id: row.team_id.0,
            webhook_id: row.webhook_id.0,
            message_id: row.message_id,
            event_type: row.event_type,
            body: row.body,
            state: parse_column(TABLE, "state", &row.state, WebhookDeliveryState::parse)?,
            attempts: row.attempts.unsigned_abs(),
            due_at: row.due_at.0,
            created_at: row.created_at.0,
            last_attempt_at: row.last_attempt_at.map(|moment| moment.0),
            last_status: status.map_err(|error| inconsistent(TABLE, "last_status", error))?,
            last_error: row.last_error,
            ended_at: row.ended_at.map(|moment| moment.0),
        })
    }
}

fn attempts(delivery: &WebhookDelivery) -> i32 {
    i32::try_from(delivery.attempts).unwrap_or(i32::MAX)
}

/// One message.
pub(crate) async fn find(
    session: &mut Session,
    team: TeamId,
    webhook: WebhookId,
    delivery: WebhookDeliveryId,
) -> Result<Option<WebhookDelivery>, StoreError> {
    let row: Option<DeliveryRow> = on_session!(session, c => webhook_deliveries::table
        .find((Id(team), Id(webhook), Id(delivery)))
        .select(DeliveryRow::as_select())
        .first(c)
        .await
        .optional())?;
    row.map(WebhookDelivery::try_from).transpose()
}

/// Messages to the webhook, newest first.
pub(crate) async fn list(
    session: &mut Session,
    (team, webhook): (TeamId, WebhookId),
    state: Option<WebhookDeliveryState>,
    page: PageRequest<WebhookDeliveryId>,
) -> Result<Page<WebhookDelivery, WebhookDeliveryId>, StoreError> {
    let rows: Vec<DeliveryRow> = on_session!(session, c => {
        let mut query = webhook_deliveries::table
            .filter(webhook_deliveries::team_id.eq(Id(team)))
            .filter(webhook_deliveries::webhook_id.eq(Id(webhook)))
            .select(DeliveryRow::as_select())
            .into_boxed();
        if let Some(state) = state {
            query = query.filter(webhook_deliveries::state.eq(state.as_str()));
        }
        if let Some(before) = page.after() {
            query = query.filter(webhook_deliveries::id.lt(Id(before)));
        }
        query.order(webhook_deliveries::id.desc()).limit(rows_to_read(&page)).load(c).await
    })?;
    let items = rows.into_iter().map(WebhookDelivery::try_from);
    Ok(page_of(
        items.collect::<Result<_, _>>()?,
        &page,
        |delivery| delivery.id,
    ))
}

/// Due by the database's clock, whatever ours says.
pub(super) async fn insert(
    session: &mut Session,
    delivery: &WebhookDelivery,
) -> Result<(), StoreError> {
    let row = (
        webhook_deliveries::team_id.eq(Id(delivery.team_id)),
        webhook_deliveries::webhook_id.eq(Id(delivery.webhook_id)),
        webhook_deliveries::id.eq(Id(delivery.id)),
        webhook_deliveries::message_id.eq(&delivery.message_id),
        webhook_deliveries::event_type.eq(&delivery.event_type),
        webhook_deliveries::body.eq(&delivery.body),
        webhook_deliveries::state.eq(WebhookDeliveryState::Waiting.as_str()),
        webhook_deliveries::attempts.eq(0),
        webhook_deliveries::due_at.eq(database_now()),
        webhook_deliveries::created_at.eq(Moment(delivery.created_at)),
    );
    on_session!(session, c => diesel::insert_into(webhook_deliveries::table)
        .values(row)
        .execute(c)
        .await)?;
    Ok(())
}

pub(super) async fn end_attempt(
    session: &mut Session,
    delivery: &WebhookDelivery,
    end: &AttemptEnd,
) -> Result<(), StoreError> {
    let key = (
        Id(delivery.team_id),
        Id(delivery.webhook_id),
        Id(delivery.id),
    );
    let state = match end {
        AttemptEnd::Taken => WebhookDeliveryState::Delivered,
        AttemptEnd::Again(_) => WebhookDeliveryState::Waiting,
        AttemptEnd::GivenUp => WebhookDeliveryState::Failed,
    };
    let again = match end {
        AttemptEnd::Again(after) => Some(*after),
        AttemptEnd::Taken | AttemptEnd::GivenUp => None,
    };
    on_session!(session, c => diesel::update(webhook_deliveries::table.find(key))
        .filter(webhook_deliveries::state.eq(WebhookDeliveryState::Waiting.as_str()))
        .filter(webhook_deliveries::attempts.eq(attempts(delivery)))
        .set((
            webhook_deliveries::state.eq(state.as_str()),
            webhook_deliveries::last_attempt_at.eq(database_now().nullable()),
            webhook_deliveries::last_status.eq(delivery.last_status.map(i32::from)),
            webhook_deliveries::last_error.eq(&delivery.last_error),
            again.map(|after| webhook_deliveries::due_at.eq(database_now_plus(after))),
            again.is_none().then(|| webhook_deliveries::ended_at.eq(database_now().nullable())),
        ))
        .execute(c)
        .await)?;
    Ok(())
}

/// For a webhook that nothing is sent to any more.
pub(super) async fn give_up_waiting(
    session: &mut Session,
    team: TeamId,
    webhook: WebhookId,
) -> Result<(), StoreError> {
    on_session!(session, c => diesel::update(webhook_deliveries::table)
        .filter(webhook_deliveries::team_id.eq(Id(team)))
        .filter(webhook_deliveries::webhook_id.eq(Id(webhook)))
        .filter(webhook_deliveries::state.eq(WebhookDeliveryState::Waiting.as_str()))
        .set((
            webhook_deliveries::state.eq(WebhookDeliveryState::Failed.as_str()),
            webhook_deliveries::ended_at.eq(database_now().nullable()),
        ))
        .execute(c)
        .await)?;
    Ok(())
}

pub(super) async fn has_taken_within(
    session: &mut Session,
    team: TeamId,
    webhook: WebhookId,
    age: Duration,
) -> Result<bool, StoreError> {
    let taken = webhook_deliveries::table
        .filter(webhook_deliveries::team_id.eq(Id(team)))
        .filter(webhook_deliveries::webhook_id.eq(Id(webhook)))
        .filter(webhook_deliveries::state.eq(WebhookDeliveryState::Delivered.as_str()))
        .filter(webhook_deliveries::ended_at.gt(database_now_before(age).nullable()));
    on_session!(session, c => select(exists(taken)).get_result(c).await)
}
