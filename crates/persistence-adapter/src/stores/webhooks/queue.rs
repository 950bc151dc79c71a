//! Whom to tell something, and what to send.

use super::WebhookRow;
use super::deliveries::DeliveryRow;
use crate::database::Database;
use crate::schema::{team_event_counters, webhook_deliveries, webhooks};
use crate::session::{Session, on_session};
use crate::sql::{Id, database_now, database_now_plus};
use async_trait::async_trait;
use diesel::dsl::min;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::{TeamId, WebhookDeliveryId, WebhookId};
use domain::ports::{StoreError, WebhookQueue, WritePriority};
use domain::webhook::{Webhook, WebhookDelivery, WebhookDeliveryState, WebhookState};
use std::time::Duration;

/// What a webhook is found by.
type WebhookKey = (Id<TeamId>, Id<WebhookId>);

/// Webhooks that something is due for, the longest due first.
async fn list_due(session: &mut Session, limit: u32) -> Result<Vec<WebhookKey>, StoreError> {
    on_session!(session, c => webhook_deliveries::table
        .filter(webhook_deliveries::state.eq(WebhookDeliveryState::Waiting.as_str()))
        .filter(webhook_deliveries::due_at.le(database_now()))
        .group_by((webhook_deliveries::team_id, webhook_deliveries::webhook_id))
        .select((webhook_deliveries::team_id, webhook_deliveries::webhook_id))
        .order(min(webhook_deliveries::due_at))
        .limit(i64::from(limit))
        .load(c)
        .await)
}

/// Of two who take the same message at once, the second waits for the first and finds it not due any more.
async fn take(
    session: &mut Session,
    (team, webhook): WebhookKey,
    limit: usize,
    lease: Duration,
) -> Result<Vec<WebhookDelivery>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let due: Vec<Id<WebhookDeliveryId>> = on_session!(session, c => webhook_deliveries::table
        .filter(webhook_deliveries::team_id.eq(team))
        .filter(webhook_deliveries::webhook_id.eq(webhook))
        .filter(webhook_deliveries::state.eq(WebhookDeliveryState::Waiting.as_str()))
        .filter(webhook_deliveries::due_at.le(database_now()))
        .select(webhook_deliveries::id)
        .order(webhook_deliveries::due_at)
        .limit(limit)
        .load(c)
        .await)?;
    let rows: Vec<DeliveryRow> = on_session!(session, c => diesel::update(webhook_deliveries::table)
        .filter(webhook_deliveries::team_id.eq(team))
        .filter(webhook_deliveries::webhook_id.eq(webhook))
        .filter(webhook_deliveries::id.eq_any(&due))
        .filter(webhook_deliveries::state.eq(WebhookDeliveryState::Waiting.as_str()))
        .filter(webhook_deliveries::due_at.le(database_now()))
        .set((
            webhook_deliveries::attempts.eq(webhook_deliveries::attempts + 1),
            webhook_deliveries::due_at.eq(database_now_plus(lease)),
        ))
        .returning(DeliveryRow::as_returning())
        .get_results(c)
        .await)?;
    rows.into_iter().map(WebhookDelivery::try_from).collect()
}

#[async_trait]
impl WebhookQueue for Database {
    async fn list_webhooks_behind(&self, limit: u32) -> Result<Vec<Webhook>, StoreError> {
        let mut session = self.read_session().await?;
        let rows: Vec<WebhookRow> = on_session!(&mut session, c => webhooks::table
            .inner_join(team_event_counters::table.on(
                team_event_counters::team_id.eq(webhooks::team_id),
            ))
            .filter(webhooks::state.eq(WebhookState::Active.as_str()))
            .filter(webhooks::told_until.lt(team_event_counters::last_sequence))
            .select(WebhookRow::as_select())
            .limit(i64::from(limit))
            .load(c)
            .await)?;
        rows.into_iter().map(Webhook::try_from).collect()
    }

    async fn claim_webhook_deliveries(
        &self,
        limit: u32,
        per_webhook: u32,
        lease: Duration,
    ) -> Result<Vec<WebhookDelivery>, StoreError> {
        let due = list_due(&mut self.read_session().await?, limit).await?;
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let mut session = self.begin_session(WritePriority::Worker).await?;
        let mut taken = Vec::new();
        for webhook in due {
            let room = (limit as usize).saturating_sub(taken.len());
            let room = room.min(per_webhook as usize);
            if room == 0 {
                break;
            }
            taken.extend(take(&mut session, webhook, room, lease).await?);
        }
        session.commit_or_fail().await?;
        Ok(taken)
    }
}
