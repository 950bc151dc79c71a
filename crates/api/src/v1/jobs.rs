//! Jobs: see one, wait for one, cancel one.

use super::job_view::{JobView, POLL_AGAIN_SECONDS};
use crate::documents::{ReadProblems, WriteProblems};
use crate::problem::Problem;
use crate::request::{Caller, JobPath, NoBody, NoQuery, QueryOf, Wait};
use crate::state::ApiState;
use application::UseCaseError;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use domain::access::Permission;
use domain::ports::JobDetails;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(get_job))
        .routes(routes!(cancel_job))
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
    let use_case = &state.use_cases.get_job;
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
    let use_case = state.use_cases.cancel_job.clone();
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

fn answer(details: JobDetails) -> Response {
    let is_at_rest = details.job.state.is_at_rest();
    let mut response = Json(JobView::from(details)).into_response();
    if !is_at_rest {
        let seconds = HeaderValue::from(POLL_AGAIN_SECONDS);
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}
