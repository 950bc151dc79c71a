//! What happens in a team: pages of JSON, or a stream for who follows it.

mod stream;

use super::page_view::PageView;
use crate::cursor::Cursors;
use crate::documents::ReadProblems;
use crate::event_stream::{follow, last_event_id, wants_events};
use crate::problem::{Fault, Problem};
use crate::request::{Caller, PageQuery, QueryOf, QueryTexts, ReadQuery, TeamPath};
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use domain::page::PageRequest;
use domain::ports::TeamEventFilter;
use domain::team_event::{TeamEvent, TeamEventSubject, TeamEventType};
use serde::Serialize;
use stream::EventFollower;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list_team_events))
}

/// Something that happened in the team.
#[derive(Serialize, ToSchema)]
#[schema(as = Event)]
pub(crate) struct EventView {
    /// The event; webhooks send the same one under this id.
    #[schema(example = "evt_01kb3m1x9zf8q9w3v5t7r2p4n6_42")]
    id: String,
    /// Its number in the team: 1, 2, 3 … without a gap.
    #[schema(example = 42)]
    sequence: i64,
    /// What happened.
    #[serde(rename = "type")]
    #[schema(example = "job.succeeded")]
    event_type: &'static str,
    /// When.
    #[schema(format = DateTime)]
    timestamp: String,
    /// About what.
    data: EventDataView,
}

/// What an event is about. What does not apply is absent.
#[derive(Default, Serialize, ToSchema)]
#[schema(as = EventData)]
#[serde(default)]
struct EventDataView {
    /// The job.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "job_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    job_id: Option<String>,
    /// The finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    finding_id: Option<String>,
    /// The kind of the job or the finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "environment.restart")]
    kind: Option<String>,
    /// The environment.
    #[serde(skip_serializing_if = "Option::is_none")]
    environment_id: Option<String>,
    /// The state of the environment after the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    /// The platform account.
    #[serde(skip_serializing_if = "Option::is_none")]
    platform_account_id: Option<String>,
    /// The webhook.
    #[serde(skip_serializing_if = "Option::is_none")]
    webhook_id: Option<String>,
}

impl From<TeamEventSubject> for EventDataView {
    fn from(subject: TeamEventSubject) -> Self {
        let environment_id = subject.environment_id().map(|id| id.to_string());
        let about = Self {
            environment_id,
            ..Self::default()
        };
        match subject {
            TeamEventSubject::Job { job_id, kind, .. } => Self {
                job_id: Some(job_id.to_string()),
                kind: Some(kind),
                ..about
            },
            TeamEventSubject::Environment { state, .. } => Self {
                state: Some(state),
                ..about
            },
            TeamEventSubject::Finding {
                finding_id, kind, ..
            } => Self {
                finding_id: Some(finding_id.to_string()),
                kind: Some(kind),
                ..about
            },
            TeamEventSubject::PlatformAccount {
                platform_account_id,
            } => Self {
                platform_account_id: Some(platform_account_id.to_string()),
                ..about
            },
            TeamEventSubject::Webhook { webhook_id } => Self {
                webhook_id: Some(webhook_id.to_string()),
                ..about
            },
        }
    }
}

impl From<TeamEvent> for EventView {
    fn from(event: TeamEvent) -> Self {
        Self {
            id: event.id().to_string(),
            sequence: event.sequence,
            event_type: event.event_type.as_str(),
            timestamp: event.at.to_string(),
            data: event.subject.into(),
        }
    }
}

/// A page of events, oldest first.
#[derive(Serialize, ToSchema)]
#[schema(as = EventList)]
struct EventListView {
    /// The events.
    data: Vec<EventView>,
    /// Where the next page starts.
    page: PageView,
}

/// Which events, and which page of them.
struct EventQuery {
    filter: TeamEventFilter,
    after: Option<i64>,
    page: PageQuery,
    /// The list that a cursor belongs to: another filter is another list.
    list: String,
}

impl ReadQuery for EventQuery {
    const NAMES: &'static [&'static str] = &["limit", "cursor", "after", "type", "environment_id"];

    fn read(texts: &QueryTexts) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let mut filter = TeamEventFilter::default();
        let mut list = "events".to_owned();
        for name in &Self::NAMES[3..] {
            list.push('\n');
            list.push_str(texts.get(name).unwrap_or_default());
        }
        let mut after = None;
        if let Some(text) = texts.get("after") {
            after = text.parse().ok().filter(|number: &i64| *number >= 0);
            if after.is_none() {
                faults.push(Fault::in_query(
                    "after",
                    "must be the `sequence` of an event, or 0",
                ));
            } else if texts.get("cursor").is_some() {
                faults.push(Fault::in_query("after", "cannot go with `cursor`"));
            }
        }
        if let Some(text) = texts.get("type") {
            filter.event_type = TeamEventType::parse(text);
            if filter.event_type.is_none() {
                faults.push(Fault::in_query("type", "must be the `type` of an event"));
            }
        }
        if let Some(text) = texts.get("environment_id") {
            filter.environment_id = text.parse().ok();
            if filter.environment_id.is_none() {
                let rule = "must be the id of an environment";
                faults.push(Fault::in_query("environment_id", rule));
            }
        }
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        Ok(Self {
            filter,
            after,
            page: PageQuery::read(texts)?,
            list,
        })
    }
}

/// List events
///
/// What happened in the team, oldest first: JSON pages, or, with `Accept: text/event-stream`, server-sent events
/// whose id is the event's sequence and whose data is the event, with a comment every 15 seconds. Such a stream has
/// no end. A client that lost it sends the last id it saw as `Last-Event-ID` (or `after`) and misses nothing: events
/// have numbers without a gap and become visible in that order. They are kept for 30 days unless the operator says
/// otherwise; if the first number that comes is not the next one, what was between is gone.
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/events", operation_id = "list_events", tag = "events",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("type" = Option<String>, Query, description = "Only this type."),
        ("environment_id" = Option<String>, Query, description = "Only about this environment."),
        ("after" = Option<i64>, Query, description = "Only events after this sequence.", minimum = 0),
        ("limit" = Option<u32>, Query, description = "Items on a page; more than 200 is lowered to \
            200. 50 when absent. A stream has no pages.", minimum = 1),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
        ("Last-Event-ID" = Option<i64>, Header, description = "Only events after this sequence; wins \
            over `after`.", minimum = 0),
    ),
    responses(
        (status = 200, description = "The events.", content(
            (EventListView = "application/json"),
            (String = "text/event-stream", example = "retry: 2000\n\nid: 42\nevent: job.succeeded\ndata: {\"sequence\":42}\n\n"),
        )),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("event.view"))),
)]
async fn list_team_events(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    QueryOf(query): QueryOf<EventQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let cursors = Cursors {
        hasher: &*state.settings.token_hasher,
        owner: path.team_id,
        list: &query.list,
    };
    let page = query
        .page
        .request(&cursors, |sequence: i64| Some(sequence))?;
    let after = last_event_id(&headers)?.or(query.after).or(page.after());
    if wants_events(&headers) {
        let follower = EventFollower {
            team: path.team_id,
            filter: query.filter,
            after: after.unwrap_or_default(),
        };
        return follow(state.clone(), caller, follower).await;
    }
    let page = PageRequest::new(page.limit(), after);
    let use_case = &state.use_cases.list_team_events;
    let found = use_case
        .run(&caller.actor, path.team_id, query.filter, page)
        .await?;
    let next_cursor = found.next_after.map(|sequence| cursors.write(&sequence));
    let view = EventListView {
        data: found.items.into_iter().map(EventView::from).collect(),
        page: PageView { next_cursor },
    };
    Ok(Json(view).into_response())
}
