//! What was and is to be sent to a webhook.

use super::created::Created;
use super::page_view::PageView;
use crate::cursor::Cursors;
use crate::documents::{ReadProblems, WriteProblems};
use crate::problem::{Fault, Problem};
use crate::request::{
    Caller, NoBody, NoQuery, PageQuery, QueryOf, QueryTexts, ReadQuery, WebhookDeliveryPath,
    WebhookPath,
};
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use domain::ids::WebhookDeliveryId;
use domain::webhook::{WebhookDelivery, WebhookDeliveryState};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list_webhook_deliveries))
        .routes(routes!(get_webhook_delivery))
        .routes(routes!(ping_webhook))
        .routes(routes!(resend_webhook_delivery))
}

/// A message to a webhook, with what became of it.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookDelivery)]
struct DeliveryView {
    /// The delivery.
    #[schema(example = "dlv_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    id: String,
    /// What the receiver knows the message by (`webhook-id`): the id of the event.
    #[schema(example = "evt_01kb3m1x9zf8q9w3v5t7r2p4n6_42")]
    message_id: String,
    /// The type of the event, or `ping`.
    #[serde(rename = "type")]
    #[schema(example = "job.failed")]
    event_type: String,
    /// `waiting`, `delivered` or `failed`.
    #[schema(example = "delivered")]
    state: &'static str,
    /// How often it was sent.
    attempts: u32,
    /// When it is sent next, while it waits.
    #[schema(format = DateTime)]
    next_attempt_at: Option<String>,
    /// When it was last sent.
    #[schema(format = DateTime)]
    last_attempt_at: Option<String>,
    /// What the receiver answered to it, if it did.
    #[schema(example = 204)]
    last_status: Option<u16>,
    /// Why the last attempt failed.
    last_error: Option<String>,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was taken or given up.
    #[schema(format = DateTime)]
    ended_at: Option<String>,
    /// What is sent.
    body: String,
}

impl From<WebhookDelivery> for DeliveryView {
    fn from(delivery: WebhookDelivery) -> Self {
        let waits = delivery.state == WebhookDeliveryState::Waiting;
        Self {
            id: delivery.id.to_string(),
            message_id: delivery.message_id,
            event_type: delivery.event_type,
            state: delivery.state.as_str(),
            attempts: delivery.attempts,
            next_attempt_at: waits.then(|| delivery.due_at.to_string()),
            last_attempt_at: delivery.last_attempt_at.map(|at| at.to_string()),
            last_status: delivery.last_status,
            last_error: delivery.last_error,
            created_at: delivery.created_at.to_string(),
            ended_at: delivery.ended_at.map(|at| at.to_string()),
            body: delivery.body,
        }
    }
}

/// A page of deliveries, newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookDeliveryList)]
struct DeliveryListView {
    /// The deliveries.
    data: Vec<DeliveryView>,
    /// Where the next page starts.
    page: PageView,
}

/// Which deliveries, and which page of them.
struct DeliveryQuery {
    state: Option<WebhookDeliveryState>,
    page: PageQuery,
}

impl ReadQuery for DeliveryQuery {
    const NAMES: &'static [&'static str] = &["limit", "cursor", "state"];

    fn read(texts: &QueryTexts) -> Result<Self, Problem> {
        let text = texts.get("state");
        let state = text.and_then(WebhookDeliveryState::parse);
        if text.is_some() && state.is_none() {
            let rule = "must be `waiting`, `delivered` or `failed`";
            return Err(Problem::invalid(vec![Fault::in_query("state", rule)]));
        }
        Ok(Self {
            state,
            page: PageQuery::read(texts)?,
        })
    }
}

/// List what was sent to a webhook
///
/// Newest first, what waits to be sent included. What has ended is kept as long as events are.
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/webhooks/{webhook_id}/deliveries",
    operation_id = "list_webhook_deliveries", tag = "webhooks",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("webhook_id" = String, Path, description = "The webhook."),
        ("state" = Option<String>, Query, description = "Only in this state."),
        ("limit" = Option<u32>, Query, description = "Items on a page; more than 200 is lowered to \
            200. 50 when absent.", minimum = 1),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses(
        (status = 200, description = "A page of deliveries.", body = DeliveryListView),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("webhook.view"))),
)]
async fn list_webhook_deliveries(
    State(state): State<ApiState>,
    caller: Caller,
    path: WebhookPath,
    QueryOf(query): QueryOf<DeliveryQuery>,
) -> Result<Json<DeliveryListView>, Problem> {
    let wanted = query.state.map_or("", WebhookDeliveryState::as_str);
    let list = format!("webhooks/{}/deliveries\n{wanted}", path.webhook_id);
    let cursors = Cursors {
        hasher: &*state.settings.token_hasher,
        owner: path.team_id,
        list: &list,
    };
    let page = query
        .page
        .request(&cursors, |id: String| id.parse::<WebhookDeliveryId>().ok())?;
    let use_case = &state.use_cases.webhooks.list_deliveries;
    let webhook = (path.team_id, path.webhook_id);
    let found = use_case
        .run(&caller.actor, webhook, query.state, page)
        .await?;
    let next_cursor = found.next_after.map(|id| cursors.write(&id.to_string()));
    Ok(Json(DeliveryListView {
        data: found.items.into_iter().map(DeliveryView::from).collect(),
        page: PageView { next_cursor },
    }))
}

/// Show what was sent to a webhook
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/webhooks/{webhook_id}/deliveries/{delivery_id}",
    operation_id = "get_webhook_delivery", tag = "webhooks",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("webhook_id" = String, Path, description = "The webhook."),
        ("delivery_id" = String, Path, description = "The delivery."),
    ),
    responses((status = 200, description = "The delivery.", body = DeliveryView), ReadProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("webhook.view"))),
)]
async fn get_webhook_delivery(
    State(state): State<ApiState>,
    caller: Caller,
    path: WebhookDeliveryPath,
    _: QueryOf<NoQuery>,
) -> Result<Json<DeliveryView>, Problem> {
    let use_case = &state.use_cases.webhooks.get_delivery;
    let webhook = (path.team_id, path.webhook_id);
    let delivery = use_case
        .run(&caller.actor, webhook, path.delivery_id)
        .await?;
    Ok(Json(delivery.into()))
}

fn created(delivery: WebhookDelivery) -> Created<DeliveryView> {
    let (team, webhook, id) = (delivery.team_id, delivery.webhook_id, delivery.id);
    Created {
        location: format!("/v1/teams/{team}/webhooks/{webhook}/deliveries/{id}"),
        view: delivery.into(),
    }
}

/// Ping a webhook
///
/// Sends a message of the type `ping`, which only shows that messages arrive.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/webhooks/{webhook_id}/actions/ping",
    operation_id = "ping_webhook", tag = "webhooks",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("webhook_id" = String, Path, description = "The webhook."),
    ),
    responses(
        (status = 201, description = "The message, which is sent soon.", body = DeliveryView,
            headers(("Location" = String, description = "What becomes of it."))),
        WriteProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("webhook.manage"))),
)]
async fn ping_webhook(
    State(state): State<ApiState>,
    caller: Caller,
    path: WebhookPath,
    _: QueryOf<NoQuery>,
    _: NoBody,
) -> Result<Created<DeliveryView>, Problem> {
    let use_case = state.use_cases.webhooks.ping.clone();
    let delivery = state
        .run_mutation(async move {
            let (team, webhook) = (path.team_id, path.webhook_id);
            use_case.run(&caller.actor, team, webhook).await
        })
        .await?;
    Ok(created(delivery))
}

/// Send a message again
///
/// A delivery of its own: the same message under the same id, whatever became of the first.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/webhooks/{webhook_id}/deliveries/{delivery_id}/actions/resend",
    operation_id = "resend_webhook_delivery", tag = "webhooks",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("webhook_id" = String, Path, description = "The webhook."),
        ("delivery_id" = String, Path, description = "The delivery."),
    ),
    responses(
        (status = 201, description = "The new delivery.", body = DeliveryView,
            headers(("Location" = String, description = "What becomes of it."))),
        WriteProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("webhook.manage"))),
)]
async fn resend_webhook_delivery(
    State(state): State<ApiState>,
    caller: Caller,
    path: WebhookDeliveryPath,
    _: QueryOf<NoQuery>,
    _: NoBody,
) -> Result<Created<DeliveryView>, Problem> {
    let use_case = state.use_cases.webhooks.resend.clone();
    let delivery = state
        .run_mutation(async move {
            let webhook = (path.team_id, path.webhook_id);
            use_case.run(&caller.actor, webhook, path.delivery_id).await
        })
        .await?;
    Ok(created(delivery))
}
