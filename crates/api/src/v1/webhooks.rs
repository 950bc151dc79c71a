//! Webhooks of a team.

mod webhook_view;

use super::created::Created;
use super::page_view::PageView;
use super::shown_secret::ShownSecret;
use crate::cursor::Cursors;
use crate::documents::{ReadProblems, VersionProblems, WriteProblems};
use crate::entity_tag::Versioned;
use crate::problem::Problem;
use crate::request::{
    Caller, ExpectedVersion, FieldFaults, JsonBody, NoBody, NoQuery, PageQuery, QueryOf, TeamPath,
    WebhookPath, pointer_to,
};
use crate::state::ApiState;
use application::webhooks::{NewWebhook, WebhookContent};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::ids::WebhookId;
use domain::names::{DisplayName, WebhookUrl};
use domain::team_event::TeamEventType;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
pub(crate) use webhook_view::WebhookView;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list_webhooks, create_webhook))
        .routes(routes!(get_webhook, put_webhook, delete_webhook))
        .routes(routes!(replace_webhook_secret))
}

/// A webhook.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WebhookPut)]
struct WebhookBody {
    /// Where messages go: an `https://` address on the public internet.
    #[schema(example = "https://hooks.example.com/windlass", max_length = 1024)]
    url: String,
    /// What people call it.
    #[serde(default)]
    #[schema(example = "chat of operations", min_length = 1, max_length = 80)]
    description: Option<String>,
    /// What it is told: types of events. Everything when empty or absent.
    #[serde(default)]
    #[schema(example = json!(["job.failed", "job.needs_attention"]))]
    event_types: Vec<String>,
    /// Whether anything is sent.
    #[serde(default = "active")]
    #[schema(example = true)]
    is_active: bool,
}

fn active() -> bool {
    true
}

/// A webhook with the secret that its messages are signed with, which is shown this once.
#[derive(Serialize, ToSchema)]
#[schema(as = NewWebhook)]
struct NewWebhookView {
    #[serde(flatten)]
    described: WebhookView,
    /// The secret: `whsec_` and base64.
    #[schema(value_type = String, example = "whsec_…")]
    secret: ShownSecret,
}

impl From<NewWebhook> for NewWebhookView {
    fn from(new: NewWebhook) -> Self {
        Self {
            described: new.webhook.into(),
            secret: ShownSecret(new.secret),
        }
    }
}

/// A page of webhooks.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookList)]
struct WebhookListView {
    /// The webhooks.
    data: Vec<WebhookView>,
    /// Where the next page starts.
    page: PageView,
}

fn content(body: &WebhookBody) -> Result<WebhookContent, Problem> {
    let mut faults = FieldFaults::default();
    let url = faults.parse("/url", &body.url, WebhookUrl::parse);
    let description = body.description.as_ref();
    let description =
        description.and_then(|text| faults.parse("/description", text, DisplayName::parse));
    let mut event_types = BTreeSet::new();
    for (place, text) in body.event_types.iter().enumerate() {
        if let Some(event_type) = TeamEventType::parse(text) {
            event_types.insert(event_type);
        } else {
            let pointer = pointer_to("/event_types", &place.to_string());
            faults.add(&pointer, "must be the `type` of an event");
        }
    }
    match url {
        Some(url) if faults.is_empty() => Ok(WebhookContent {
            url,
            description,
            event_types,
            is_active: body.is_active,
        }),
        _ => Err(faults.into_problem()),
    }
}

/// List webhooks
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/webhooks", operation_id = "list_webhooks", tag = "webhooks",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("limit" = Option<u32>, Query, description = "Items on a page; more than 200 is lowered to \
            200. 50 when absent.", minimum = 1),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses(
        (status = 200, description = "A page of webhooks.", body = WebhookListView),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("webhook.view"))),
)]
async fn list_webhooks(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    QueryOf(query): QueryOf<PageQuery>,
) -> Result<Json<WebhookListView>, Problem> {
    let cursors = Cursors {
        hasher: &*state.settings.token_hasher,
        owner: path.team_id,
        list: "webhooks",
    };
    let page = query.request(&cursors, |id: String| id.parse::<WebhookId>().ok())?;
    let use_case = &state.use_cases.webhooks.list;
    let found = use_case.run(&caller.actor, path.team_id, page).await?;
    let next_cursor = found.next_after.map(|id| cursors.write(&id.to_string()));
    Ok(Json(WebhookListView {
        data: found.items.into_iter().map(WebhookView::from).collect(),
        page: PageView { next_cursor },
    }))
}

/// Show a webhook
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/webhooks/{webhook_id}", operation_id = "get_webhook",
    tag = "webhooks",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("webhook_id" = String, Path, description = "The webhook."),
    ),
    responses((status = 200, description = "The webhook.", body = WebhookView), ReadProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("webhook.view"))),
)]
async fn get_webhook(
    State(state): State<ApiState>,
    caller: Caller,
    path: WebhookPath,
    _: QueryOf<NoQuery>,
) -> Result<Versioned<WebhookView>, Problem> {
    let use_case = &state.use_cases.webhooks.get;
    let webhook = use_case
        .run(&caller.actor, path.team_id, path.webhook_id)
        .await?;
    Ok(Versioned::of(webhook.version, webhook))
}

/// Create a webhook
///
/// Messages are sent by the rules of Standard Webhooks: `POST` with the headers `webhook-id` (the same for all
/// attempts), `webhook-timestamp` and `webhook-signature`, and a body of `type`, `timestamp` and `data` like that of
/// an event in the feed. An answer of 2xx within 20 seconds means that it was taken; anything else is tried again
/// after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h. A webhook that has taken nothing for a day, or that
/// answers 410, is turned off. It is told what happens from now on. The answer shows the secret, this once.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/webhooks", operation_id = "create_webhook", tag = "webhooks",
    params(("team_id" = String, Path, description = "The team.")),
    request_body(content = WebhookBody, description = "The webhook to make."),
    responses(
        (status = 201, description = "The webhook.", body = NewWebhookView,
            headers(("Location" = String, description = "The webhook's description."))),
        WriteProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("webhook.manage"))),
)]
async fn create_webhook(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    _: QueryOf<NoQuery>,
    JsonBody(body): JsonBody<WebhookBody>,
) -> Result<Created<NewWebhookView>, Problem> {
    let content = content(&body)?;
    let use_case = state.use_cases.webhooks.create.clone();
    let new = state
        .run_mutation(async move { use_case.run(&caller.actor, path.team_id, content).await })
        .await?;
    Ok(Created {
        location: format!("/v1/teams/{}/webhooks/{}", path.team_id, new.webhook.id),
        view: new.into(),
    })
}

/// Change a webhook
///
/// One that is turned off gets nothing any more, not even what waits; one that is turned on is told what happens from
/// then on. What happened meanwhile is in the feed.
#[utoipa::path(
    put, path = "/v1/teams/{team_id}/webhooks/{webhook_id}", operation_id = "put_webhook",
    tag = "webhooks",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("webhook_id" = String, Path, description = "The webhook."),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that it had when you read it: \
            changed only if it still has it."),
    ),
    request_body(content = WebhookBody, description = "The whole webhook."),
    responses((status = 200, description = "The webhook.", body = WebhookView), VersionProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("webhook.manage"))),
)]
async fn put_webhook(
    State(state): State<ApiState>,
    caller: Caller,
    path: WebhookPath,
    _: QueryOf<NoQuery>,
    ExpectedVersion(expected): ExpectedVersion,
    JsonBody(body): JsonBody<WebhookBody>,
) -> Result<Versioned<WebhookView>, Problem> {
    let content = content(&body)?;
    let use_case = state.use_cases.webhooks.change.clone();
    let webhook = state
        .run_mutation(async move {
            let (team, webhook) = (path.team_id, path.webhook_id);
            use_case
                .run(&caller.actor, team, webhook, content, expected)
                .await
        })
        .await?;
    Ok(Versioned::of(webhook.version, webhook))
}

/// Delete a webhook
///
/// What waits for it is not sent any more.
#[utoipa::path(
    delete, path = "/v1/teams/{team_id}/webhooks/{webhook_id}", operation_id = "delete_webhook",
    tag = "webhooks",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("webhook_id" = String, Path, description = "The webhook."),
    ),
    responses((status = 204, description = "It is deleted."), WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("webhook.manage"))),
)]
async fn delete_webhook(
    State(state): State<ApiState>,
    caller: Caller,
    path: WebhookPath,
    _: QueryOf<NoQuery>,
    _: NoBody,
) -> Result<StatusCode, Problem> {
    let use_case = state.use_cases.webhooks.delete.clone();
    state
        .run_mutation(async move {
            let (team, webhook) = (path.team_id, path.webhook_id);
            use_case.run(&caller.actor, team, webhook).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Replace the secret of a webhook
///
/// The answer shows the new secret, this once. For 24 hours messages carry a signature of each of the two.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/webhooks/{webhook_id}/actions/replace-secret",
    operation_id = "replace_webhook_secret", tag = "webhooks",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("webhook_id" = String, Path, description = "The webhook."),
    ),
    responses(
        (status = 200, description = "The webhook with its new secret.", body = NewWebhookView),
        WriteProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("webhook.manage"))),
)]
async fn replace_webhook_secret(
    State(state): State<ApiState>,
    caller: Caller,
    path: WebhookPath,
    _: QueryOf<NoQuery>,
    _: NoBody,
) -> Result<Json<NewWebhookView>, Problem> {
    let use_case = state.use_cases.webhooks.replace_secret.clone();
    let new = state
        .run_mutation(async move {
            let (team, webhook) = (path.team_id, path.webhook_id);
            use_case.run(&caller.actor, team, webhook).await
        })
        .await?;
    Ok(Json(new.into()))
}
