//! Starting, stopping, putting to sleep and deleting environments.

use super::accepted::Accepted;
use crate::documents::WriteProblems;
use crate::problem::Problem;
use crate::request::{
    Caller, EnvironmentPath, NoBody, QueryOf, QueryTexts, ReadQuery, RequiredIdempotencyKey, Target,
};
use crate::state::ApiState;
use application::EnvironmentTarget;
use application::environments::Switch;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(delete_environment))
        .routes(routes!(start_environment))
        .routes(routes!(stop_environment))
        .routes(routes!(put_environment_to_sleep))
}

struct DeleteQuery {
    backup_first: bool,
}

impl ReadQuery for DeleteQuery {
    const NAMES: &'static [&'static str] = &["backup_first"];

    fn read(texts: &QueryTexts) -> Result<Self, Problem> {
        let backup_first = texts.flag("backup_first")?;
        Ok(Self { backup_first })
    }
}

/// Delete an environment
///
/// Answers at once with the job that deletes it, with everything in it and for good. It is deleted
/// only while it is the one that we built: what somebody made anew under its name is left alone. With
/// `backup_first=true`, which needs the permission `backup.create` as well, the add-on `backup` makes a
/// backup before, and without it nothing is deleted.
#[utoipa::path(
    delete, path = "/v1/teams/{team_id}/environments/{environment_id}",
    operation_id = "delete_environment", tag = "environments",
    params(
        Target,
        ("backup_first" = Option<bool>, Query, description = "Whether a backup is made before; `false` \
            when absent. The environment must run and have the add-on `backup` then."),
    ),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("env.delete"))),
)]
async fn delete_environment(
    State(state): State<ApiState>,
    caller: Caller,
    path: EnvironmentPath,
    QueryOf(query): QueryOf<DeleteQuery>,
    RequiredIdempotencyKey(key): RequiredIdempotencyKey,
    _: NoBody,
) -> Result<Accepted, Problem> {
    let target = EnvironmentTarget {
        team_id: path.team_id,
        environment_id: path.environment_id,
        idempotency_key: key,
    };
    let use_case = state.use_cases.changes.delete_environment.clone();
    let accepted = state
        .run_mutation(async move {
            use_case
                .run(&caller.actor, target, query.backup_first)
                .await
        })
        .await?;
    Ok(accepted.into())
}

/// Start an environment
///
/// Answers at once with the job that starts it. One that runs stays as it is.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/environments/{environment_id}/actions/start",
    operation_id = "start_environment", tag = "environments",
    params(Target),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("env.start"))),
)]
async fn start_environment(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    _: NoBody,
) -> Result<Accepted, Problem> {
    switch(&state, caller, target, Switch::Start).await
}

/// Stop an environment
///
/// Answers at once with the job that stops it. One that is stopped stays as it is.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/environments/{environment_id}/actions/stop",
    operation_id = "stop_environment", tag = "environments",
    params(Target),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("env.stop"))),
)]
async fn stop_environment(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    _: NoBody,
) -> Result<Accepted, Problem> {
    switch(&state, caller, target, Switch::Stop).await
}

/// Put an environment to sleep
///
/// Answers at once with the job that puts it to sleep. It must run; the next request to the site
/// wakes it.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/environments/{environment_id}/actions/sleep",
    operation_id = "put_environment_to_sleep", tag = "environments",
    params(Target),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("env.stop"))),
)]
async fn put_environment_to_sleep(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    _: NoBody,
) -> Result<Accepted, Problem> {
    switch(&state, caller, target, Switch::Sleep).await
}

async fn switch(
    state: &ApiState,
    caller: Caller,
    target: EnvironmentTarget,
    switch: Switch,
) -> Result<Accepted, Problem> {
    let use_case = state.use_cases.changes.switch_environment.clone();
    let accepted = state
        .run_mutation(async move { use_case.run(&caller.actor, target, switch).await })
        .await?;
    Ok(accepted.into())
}
