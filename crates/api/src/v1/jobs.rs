//! Jobs: list them, see one, wait for one, cancel one.

use super::accepted::Accepted;
use super::job_view::{JobSummaryView, JobView, POLL_AGAIN_SECONDS};
use super::page_view::PageView;
use crate::cursor::Cursors;
use crate::documents::{ReadProblems, WriteProblems};
use crate::problem::{Fault, Problem};
use crate::request::{
    Caller, JobPath, NoBody, NoQuery, PageQuery, QueryOf, QueryTexts, ReadQuery,
    RequiredIdempotencyKey, TeamPath, Wait,
};
use crate::state::ApiState;
use application::UseCaseError;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use domain::access::Permission;
use domain::ids::JobId;
use domain::job::{JobKind, JobState};
use domain::ports::{JobDetails, JobFilter};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list_jobs))
        .routes(routes!(get_job))
        .routes(routes!(cancel_job))
        .routes(routes!(retry_job))
}

/// A page of jobs, newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = JobList)]
struct JobListView {
    /// The jobs.
    data: Vec<JobSummaryView>,
    /// Where the next page starts.
    page: PageView,
}

/// Which jobs, and which page of them.
struct JobsQuery {
    filter: JobFilter,
    page: PageQuery,
    /// The list that a cursor belongs to: another filter is another list.
    list: String,
}

impl ReadQuery for JobsQuery {
    const NAMES: &'static [&'static str] = &["limit", "cursor", "state", "kind", "environment_id"];

    fn read(texts: &QueryTexts) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let mut fault = |name: &str, rule: &str| faults.push(Fault::in_query(name, rule));
        let (state, kind) = (texts.get("state"), texts.get("kind"));
        let environment = texts.get("environment_id");
        let filter = JobFilter {
            team_id: None,
            state: state.and_then(JobState::parse),
            kind: kind.and_then(JobKind::parse),
            environment_id: environment.and_then(|id| id.parse().ok()),
        };
        if state.is_some() && filter.state.is_none() {
            fault("state", "must be the `state` of a job, such as `running`");
        }
        if kind.is_some() && filter.kind.is_none() {
            fault(
                "kind",
                "must be the `kind` of a job, such as `environment.provision`",
            );
        }
        if environment.is_some() && filter.environment_id.is_none() {
            fault("environment_id", "must be the id of an environment");
        }
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        let list: Vec<_> = [state, kind, environment]
            .map(Option::unwrap_or_default)
            .into();
        Ok(Self {
            filter,
            page: PageQuery::read(texts)?,
            list: format!("jobs\n{}", list.join("\n")),
        })
    }
}

/// List jobs
///
/// The team's jobs, newest first. Filters narrow the list; a cursor belongs to the filters it was made
/// for. What a job waits for is shown with the job itself.
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/jobs", operation_id = "list_jobs", tag = "jobs",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("state" = Option<String>, Query, description = "Only jobs in this state.",
            example = "needs_attention"),
        ("kind" = Option<String>, Query, description = "Only jobs of this kind.",
            example = "environment.provision"),
        ("environment_id" = Option<String>, Query, description = "Only jobs about this environment."),
        ("limit" = Option<u32>, Query, description = "Items on a page; more than 200 is lowered to \
            200. 50 when absent.", minimum = 1),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses(
        (status = 200, description = "A page of jobs.", body = JobListView),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("job.view"))),
)]
async fn list_jobs(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    QueryOf(query): QueryOf<JobsQuery>,
) -> Result<Json<JobListView>, Problem> {
    let cursors = Cursors {
        hasher: &*state.settings.token_hasher,
        owner: path.team_id,
        list: &query.list,
    };
    let page = query
        .page
        .request(&cursors, |id: String| id.parse::<JobId>().ok())?;
    let use_case = &state.use_cases.jobs.list;
    let found = use_case
        .run(&caller.actor, path.team_id, query.filter, page)
        .await?;
    let next_cursor = found.next_after.map(|id| cursors.write(&id.to_string()));
    Ok(Json(JobListView {
        data: found.items.into_iter().map(JobSummaryView::from).collect(),
        page: PageView { next_cursor },
    }))
}

/// Show a job
///
/// Always 200 while the job is known; a failed job has its problem inside. With `Prefer: wait=N` the
/// answer comes when the job is over or after N seconds, whichever is first.
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/jobs/{job_id}", operation_id = "get_job", tag = "jobs",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("job_id" = String, Path, description = "The job."),
        ("Prefer" = Option<String>, Header, description = "`wait=N`: rather wait up to N seconds \
            (at most 60) than ask again.", example = "wait=30"),
    ),
    responses(
        (status = 200, description = "The job.", body = JobView, headers(
            ("Preference-Applied" = String, description = "The wait that was granted."),
            ("Retry-After" = u32, description = "When to look again, in seconds; absent when the \
                job is over."),
        )),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("job.view"))),
)]
async fn get_job(
    State(state): State<ApiState>,
    mut caller: Caller,
    path: JobPath,
    _: QueryOf<NoQuery>,
    Wait(wait): Wait,
) -> Result<Response, Problem> {
    let use_case = &state.use_cases.jobs.get;
    let details = use_case
        .run(&caller.actor, path.team_id, path.job_id, wait)
        .await?;
    if wait.is_some_and(|wait| !wait.is_zero()) {
        caller.authenticate_again(&state).await?;
        let permitted = caller.actor.demand(Permission::JobView);
        permitted.map_err(|denied| Problem::from(UseCaseError::from(denied)))?;
    }
    let mut response = answer(details);
    if let Some(wait) = wait {
        let applied = HeaderValue::try_from(format!("wait={}", wait.as_secs()));
        let applied = applied.expect("a number is ASCII");
        response.headers_mut().insert("preference-applied", applied);
    }
    Ok(response)
}

/// Cancel a job
///
/// A job that nobody works on yet is cancelled at once; a running one stops at its next boundary and
/// takes back what it did. Asking again changes nothing.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/jobs/{job_id}/actions/cancel", operation_id = "cancel_job",
    tag = "jobs",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("job_id" = String, Path, description = "The job."),
    ),
    responses(
        (status = 200, description = "The job: `cancelled`, or `cancelling` while it is undone.",
            body = JobView, headers(
                ("Retry-After" = u32, description = "When to look again, in seconds; absent when \
                    the job is over."),
            )),
        WriteProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("job.cancel"))),
)]
async fn cancel_job(
    State(state): State<ApiState>,
    caller: Caller,
    path: JobPath,
    _: QueryOf<NoQuery>,
    _: NoBody,
) -> Result<Response, Problem> {
    let use_case = state.use_cases.jobs.cancel.clone();
    let job = state
        .run_mutation(async move {
            let (team, job) = (path.team_id, path.job_id);
            use_case.run(&caller.actor, team, job).await
        })
        .await?;
    Ok(answer(JobDetails {
        job,
        turn_holder: None,
        jobs_ahead: 0,
    }))
}

/// Do a job once more
///
/// Answers at once with a new job that was asked for the same; `retry_of_job_id` names the old one. Only what has
/// failed or was cancelled can be done once more, by one job at a time. Needs what the old job needed, too.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/jobs/{job_id}/actions/retry", operation_id = "retry_job",
    tag = "jobs",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("job_id" = String, Path, description = "The job."),
        ("Idempotency-Key" = String, Header, description = "Unique for what is to happen once; \
            a repeated request with the same key gives the same job.", max_length = 255),
    ),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("job.retry"))),
)]
async fn retry_job(
    State(state): State<ApiState>,
    caller: Caller,
    path: JobPath,
    _: QueryOf<NoQuery>,
    RequiredIdempotencyKey(key): RequiredIdempotencyKey,
    _: NoBody,
) -> Result<Accepted, Problem> {
    let use_case = state.use_cases.jobs.retry.clone();
    let accepted = state
        .run_mutation(async move {
            let (team, job) = (path.team_id, path.job_id);
            use_case.run(&caller.actor, team, job, &key).await
        })
        .await?;
    Ok(accepted.into())
}

fn answer(details: JobDetails) -> Response {
    let is_at_rest = details.job.state.is_at_rest();
    let mut response = Json(JobView::from(details)).into_response();
    if !is_at_rest {
        let seconds = HeaderValue::from(POLL_AGAIN_SECONDS);
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}
