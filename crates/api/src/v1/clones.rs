//! Copies of environments.

use super::accepted::Accepted;
use crate::documents::WriteProblems;
use crate::problem::Problem;
use crate::request::{Caller, FieldFaults, JsonBody, Target};
use crate::state::ApiState;
use application::environments::CloneEnvironmentCommand;
use axum::extract::State;
use domain::names::{DisplayName, EnvironmentName};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(clone_environment))
}

/// The copy to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EnvironmentClone)]
struct CloneBody {
    /// What the team calls the copy: lower-case letters, digits and hyphens, starting with a letter.
    #[schema(
        example = "shop-test",
        min_length = 2,
        max_length = 25,
        pattern = "^[a-z][a-z0-9-]*[a-z0-9]$"
    )]
    name: String,
    /// What people see; the name when absent.
    #[serde(default)]
    #[schema(example = "The shop, to try things", min_length = 1, max_length = 80)]
    display_name: Option<String>,
}

/// Clone an environment
///
/// Answers at once with the job that copies the environment, which must run; the job is about the
/// copy, which can be read from then on. Domains and installations are not copied. When the job fails
/// or is cancelled, the copy is taken down again.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/environments/{environment_id}/actions/clone",
    operation_id = "clone_environment", tag = "environments",
    params(Target),
    request_body(content = CloneBody, description = "The copy to make."),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("env.clone"))),
)]
async fn clone_environment(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    JsonBody(body): JsonBody<CloneBody>,
) -> Result<Accepted, Problem> {
    let mut faults = FieldFaults::default();
    let name = faults.parse("/name", &body.name, EnvironmentName::parse);
    let display_name = body.display_name.as_deref();
    let display_name = faults.parse_optional("/display_name", display_name, DisplayName::parse);
    let name = match name {
        Some(name) if faults.is_empty() => name,
        _ => return Err(faults.into_problem()),
    };
    let command = CloneEnvironmentCommand {
        source: target,
        name,
        display_name,
    };
    let use_case = state.use_cases.changes.clone_environment.clone();
    let accepted = state
        .run_mutation(async move { use_case.run(&caller.actor, command).await })
        .await?;
    Ok(accepted.into())
}
