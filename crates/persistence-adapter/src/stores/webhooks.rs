//! Webhooks.

mod deliveries;
mod queue;

pub(crate) use deliveries::{find as find_delivery, list as list_deliveries};

use crate::failure::{inconsistent, parse_column};
use crate::paging::{page_of, rows_to_read};
use crate::schema::{team_event_counters, team_keys, webhooks};
use crate::session::{Session, on_session};
use crate::sql::{ForUpdate, Id, Moment};
use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::{TeamId, WebhookDeliveryId, WebhookId};
use domain::names::{DisplayName, WebhookUrl};
use domain::page::{Page, PageRequest};
use domain::ports::{AttemptEnd, StoreError, WebhookStore};
use domain::sealed::{SealedSecret, WrappedKey};
use domain::team_event::{TeamEventSubject, TeamEventType};
use domain::webhook::{PreviousSecret, Webhook, WebhookDelivery, WebhookState};
use std::time::Duration;

const TABLE: &str = "webhooks";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = webhooks, treat_none_as_default_value = false)]
struct WebhookRow {
    team_id: Id<TeamId>,
    id: Id<WebhookId>,
    url: String,
    description: Option<String>,
    event_types: String,
    state: String,
    sealed_secret: Vec<u8>,
    previous_sealed_secret: Option<Vec<u8>>,
    previous_until: Option<Moment>,
    told_until: i64,
    created_at: Moment,
    version: i64,
}

impl From<&Webhook> for WebhookRow {
    fn from(webhook: &Webhook) -> Self {
        let types: Vec<_> = webhook.event_types.iter().map(|it| it.as_str()).collect();
        let previous = webhook.previous_secret.as_ref();
        Self {
            team_id: Id(webhook.team_id),
            id: Id(webhook.id),
            url: webhook.url.as_str().to_owned(),
            description: webhook
                .description
                .as_ref()
                .map(|text| text.as_str().to_owned()),
            event_types: types.join(" "),
            state: webhook.state.as_str().to_owned(),
            sealed_secret: webhook.sealed_secret.0.clone(),
            previous_sealed_secret: previous.map(|it| it.sealed.0.clone()),
            previous_until: previous.map(|it| Moment(it.until)),
            told_until: webhook.told_until,
            created_at: Moment(webhook.created_at),
            version: webhook.version,
        }
    }
}

impl TryFrom<WebhookRow> for Webhook {
    type Error = StoreError;

    fn try_from(row: WebhookRow) -> Result<Self, StoreError> {
        let types = row.event_types.split_whitespace();
        let types =
            types.map(|text| parse_column(TABLE, "event_types", text, TeamEventType::parse));
        let description = row.description.map(|text| DisplayName::parse(&text));
        let previous = row.previous_sealed_secret.zip(row.previous_until);
        Ok(Self {
            id: row.id.0,
            team_id: row.team_id.0,
            url: WebhookUrl::parse(&row.url).map_err(|error| inconsistent(TABLE, "url", error))?,
            description: description
                .transpose()
                .map_err(|error| inconsistent(TABLE, "description", error))?,
            event_types: types.collect::<Result<_, _>>()?,
            state: parse_column(TABLE, "state", &row.state, WebhookState::parse)?,
            sealed_secret: SealedSecret(row.sealed_secret),
            previous_secret: previous.map(|(sealed, until)| PreviousSecret {
                sealed: SealedSecret(sealed),
                until: until.0,
            }),
            told_until: row.told_until,
            created_at: row.created_at.0,
            version: row.version,
        })
    }
}

/// One webhook.
pub(crate) async fn find(
    session: &mut Session,
    team: TeamId,
    webhook: WebhookId,
) -> Result<Option<Webhook>, StoreError> {
    let row: Option<WebhookRow> = on_session!(session, c => webhooks::table
        .find((Id(team), Id(webhook)))
        .select(WebhookRow::as_select())
        .first(c)
        .await
        .optional())?;
    row.map(Webhook::try_from).transpose()
}

/// One webhook and the key of its team.
pub(crate) async fn find_with_key(
    session: &mut Session,
    team: TeamId,
    webhook: WebhookId,
) -> Result<Option<(Webhook, WrappedKey)>, StoreError> {
    let row: Option<(WebhookRow, Vec<u8>)> = on_session!(session, c => webhooks::table
        .inner_join(team_keys::table.on(team_keys::team_id.eq(webhooks::team_id)))
        .filter(webhooks::team_id.eq(Id(team)))
        .filter(webhooks::id.eq(Id(webhook)))
        .select((WebhookRow::as_select(), team_keys::wrapped_key))
        .first(c)
        .await
        .optional())?;
    row.map(|(row, key)| Ok((Webhook::try_from(row)?, WrappedKey(key))))
        .transpose()
}

/// The team's webhooks, by id.
pub(crate) async fn list(
    session: &mut Session,
    team: TeamId,
    page: PageRequest<WebhookId>,
) -> Result<Page<Webhook, WebhookId>, StoreError> {
    let rows: Vec<WebhookRow> = on_session!(session, c => {
        let mut query = webhooks::table
            .filter(webhooks::team_id.eq(Id(team)))
            .select(WebhookRow::as_select())
            .into_boxed();
        if let Some(after) = page.after() {
            query = query.filter(webhooks::id.gt(Id(after)));
        }
        query.order(webhooks::id).limit(rows_to_read(&page)).load(c).await
    })?;
    let items = rows.into_iter().map(Webhook::try_from);
    Ok(page_of(
        items.collect::<Result<_, _>>()?,
        &page,
        |webhook| webhook.id,
    ))
}

async fn lock(
    session: &mut Session,
    team: TeamId,
    webhook: WebhookId,
) -> Result<Option<Webhook>, StoreError> {
    let row: Option<WebhookRow> = on_session!(session, c => ForUpdate(webhooks::table
        .find((Id(team), Id(webhook)))
        .select(WebhookRow::as_select()))
        .get_result(c)
        .await
        .optional())?;
    row.map(Webhook::try_from).transpose()
}

async fn update(session: &mut Session, webhook: &Webhook) -> Result<(), StoreError> {
    let row = WebhookRow::from(webhook);
    let changes = (
        webhooks::url.eq(row.url),
        webhooks::description.eq(row.description),
        webhooks::event_types.eq(row.event_types),
        webhooks::state.eq(row.state),
        webhooks::sealed_secret.eq(row.sealed_secret),
        webhooks::previous_sealed_secret.eq(row.previous_sealed_secret),
        webhooks::previous_until.eq(row.previous_until),
        webhooks::told_until.eq(row.told_until),
        webhooks::version.eq(webhooks::version + 1),
    );
    let updated = on_session!(session, c => diesel::update(
            webhooks::table.find((Id(webhook.team_id), Id(webhook.id))),
        )
        .filter(webhooks::version.eq(webhook.version))
        .set(changes)
        .execute(c)
        .await)?;
    if updated == 0 {
        return Err(StoreError::VersionChanged);
    }
    Ok(())
}

async fn turn_off(session: &mut Session, webhook: &Webhook) -> Result<bool, StoreError> {
    let (team, id) = (Id(webhook.team_id), Id(webhook.id));
    let updated = on_session!(session, c => diesel::update(webhooks::table.find((team, id)))
        .filter(webhooks::state.eq(WebhookState::Active.as_str()))
        .set((
            webhooks::state.eq(webhook.state.as_str()),
            webhooks::version.eq(webhooks::version + 1),
        ))
        .execute(c)
        .await)?;
    if updated == 0 {
        return Ok(false);
    }
    deliveries::give_up_waiting(session, webhook.team_id, webhook.id).await?;
    let subject = TeamEventSubject::Webhook {
        webhook_id: webhook.id,
    };
    session.tell(webhook.team_id, TeamEventType::WebhookDisabled, subject);
    Ok(true)
}

#[async_trait]
impl WebhookStore for Session {
    async fn insert_webhook(&mut self, webhook: &Webhook) -> Result<(), StoreError> {
        let row = WebhookRow::from(webhook);
        on_session!(self, c => diesel::insert_into(webhooks::table).values(&row).execute(c).await)?;
        Ok(())
    }

    async fn count_webhooks(&mut self, team: TeamId) -> Result<i64, StoreError> {
        on_session!(self, c => webhooks::table
            .filter(webhooks::team_id.eq(Id(team)))
            .count()
            .get_result(c)
            .await)
    }

    async fn lock_webhook(
        &mut self,
        team: TeamId,
        webhook: WebhookId,
    ) -> Result<Option<Webhook>, StoreError> {
        lock(self, team, webhook).await
    }

    async fn update_webhook(&mut self, webhook: &Webhook) -> Result<(), StoreError> {
        update(self, webhook).await
    }

    async fn delete_webhook(
        &mut self,
        team: TeamId,
        webhook: WebhookId,
    ) -> Result<bool, StoreError> {
        let row = webhooks::table.find((Id(team), Id(webhook)));
        let deleted = on_session!(self, c => diesel::delete(row).execute(c).await)?;
        Ok(deleted == 1)
    }

    async fn give_up_webhook_deliveries(
        &mut self,
        team: TeamId,
        webhook: WebhookId,
    ) -> Result<(), StoreError> {
        deliveries::give_up_waiting(self, team, webhook).await
    }

    async fn turn_off_webhook(&mut self, webhook: &Webhook) -> Result<bool, StoreError> {
        turn_off(self, webhook).await
    }

    async fn find_end_of_feed(&mut self, team: TeamId) -> Result<i64, StoreError> {
        let end: Option<i64> = on_session!(self, c => team_event_counters::table
            .find(Id(team))
            .select(team_event_counters::last_sequence)
            .first(c)
            .await
            .optional())?;
        Ok(end.unwrap_or(0))
    }

    async fn advance_webhook(
        &mut self,
        team: TeamId,
        webhook: WebhookId,
        from: i64,
        to: i64,
    ) -> Result<bool, StoreError> {
        let updated = on_session!(self, c => diesel::update(webhooks::table.find((Id(team), Id(webhook))))
            .filter(webhooks::state.eq(WebhookState::Active.as_str()))
            .filter(webhooks::told_until.eq(from))
            .set(webhooks::told_until.eq(to))
            .execute(c)
            .await)?;
        Ok(updated == 1)
    }

    async fn insert_webhook_delivery(
        &mut self,
        delivery: &WebhookDelivery,
    ) -> Result<(), StoreError> {
        deliveries::insert(self, delivery).await
    }

    async fn find_webhook_delivery(
        &mut self,
        team: TeamId,
        webhook: WebhookId,
        delivery: WebhookDeliveryId,
    ) -> Result<Option<WebhookDelivery>, StoreError> {
        deliveries::find(self, team, webhook, delivery).await
    }

    async fn end_webhook_attempt(
        &mut self,
        delivery: &WebhookDelivery,
        end: &AttemptEnd,
    ) -> Result<(), StoreError> {
        deliveries::end_attempt(self, delivery, end).await
    }

    async fn has_taken_within(
        &mut self,
        team: TeamId,
        webhook: WebhookId,
        age: Duration,
    ) -> Result<bool, StoreError> {
        deliveries::has_taken_within(self, team, webhook, age).await
    }
}
