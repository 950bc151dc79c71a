//! The log of a job: pages of JSON, or a stream of events for who follows it.

mod stream;

use super::page_view::PageView;
use crate::cursor::Cursors;
use crate::documents::ReadProblems;
use crate::event_stream::{follow, last_event_id, wants_events};
use crate::problem::Problem;
use crate::request::{Caller, JobPath, PageQuery, QueryOf};
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use domain::job::JobLogLine;
use domain::page::PageRequest;
use serde::Serialize;
use stream::LogFollower;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(read_job_log))
}

/// A line of a job's log.
#[derive(Serialize, ToSchema)]
#[schema(as = JobLogLine)]
pub(super) struct LineView {
    /// Its number: 1, 2, 3 … without a gap.
    sequence: i64,
    /// When it was written.
    #[schema(format = DateTime)]
    at: String,
    /// `info`, `warning` or `error`.
    level: &'static str,
    /// The step it is about.
    step: Option<String>,
    /// What happened.
    message: String,
}

impl From<JobLogLine> for LineView {
    fn from(line: JobLogLine) -> Self {
        Self {
            sequence: line.sequence,
            at: line.at.to_string(),
            level: line.level.as_str(),
            step: line.step,
            message: line.message,
        }
    }
}

/// A page of a job's log, oldest line first.
#[derive(Serialize, ToSchema)]
#[schema(as = JobLog)]
struct LogView {
    /// The lines.
    data: Vec<LineView>,
    /// Where the next page starts.
    page: PageView,
}

/// Read a job's log
///
/// JSON pages, or, with `Accept: text/event-stream`, server-sent events: `line` events whose id is
/// the line's sequence and whose data is the line, a comment every 15 seconds, and at last one event
/// `end` with the job's state, after which the stream closes. A client that lost the stream sends the
/// last id it saw as `Last-Event-ID` and misses nothing.
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/jobs/{job_id}/log", operation_id = "read_job_log", tag = "jobs",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("job_id" = String, Path, description = "The job."),
        ("limit" = Option<u32>, Query, description = "Lines on a page; more than 200 is lowered to \
            200. 50 when absent. A stream has no pages.", minimum = 1),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
        ("Last-Event-ID" = Option<i64>, Header, description = "Only lines after this sequence.",
            minimum = 0),
    ),
    responses(
        (status = 200, description = "The log.", content(
            (LogView = "application/json"),
            (String = "text/event-stream", example = "retry: 2000\n\nid: 1\nevent: line\ndata: {\"sequence\":1}\n\n"),
        )),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("job.view"))),
)]
async fn read_job_log(
    State(state): State<ApiState>,
    caller: Caller,
    path: JobPath,
    QueryOf(query): QueryOf<PageQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let list = format!("jobs/{}/log", path.job_id);
    let cursors = Cursors {
        hasher: &*state.settings.token_hasher,
        owner: path.team_id,
        list: &list,
    };
    let page = query.request(&cursors, |sequence: i64| Some(sequence))?;
    let after = last_event_id(&headers)?.or(page.after());
    if wants_events(&headers) {
        let follower = LogFollower {
            team: path.team_id,
            job: path.job_id,
            after: after.unwrap_or_default(),
        };
        return follow(state.clone(), caller, follower).await;
    }
    let page = PageRequest::new(page.limit(), after);
    let use_case = &state.use_cases.jobs.read_log;
    let (_, lines) = use_case
        .run(&caller.actor, path.team_id, path.job_id, page)
        .await?;
    let next_cursor = lines.next_after.map(|sequence| cursors.write(&sequence));
    let view = LogView {
        data: lines.items.into_iter().map(LineView::from).collect(),
        page: PageView { next_cursor },
    };
    Ok(Json(view).into_response())
}
