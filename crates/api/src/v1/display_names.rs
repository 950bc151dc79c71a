//! What people see as the name of an environment.

use super::accepted::Accepted;
use crate::documents::WriteProblems;
use crate::problem::Problem;
use crate::request::{Caller, FieldFaults, JsonBody, Target};
use crate::state::ApiState;
use application::environments::RenameEnvironmentCommand;
use axum::extract::State;
use domain::names::DisplayName;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(put_display_name))
}

/// The name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DisplayName)]
struct DisplayNameBody {
    /// What people shall see.
    #[schema(example = "The shop", min_length = 1, max_length = 80)]
    display_name: String,
}

/// Give an environment another name
///
/// Answers at once with the job that changes what people see, here and on the platform. The name that the team calls it
/// and its address stay.
#[utoipa::path(
    put, path = "/v1/teams/{team_id}/environments/{environment_id}/display-name",
    operation_id = "put_display_name", tag = "environments",
    params(Target),
    request_body(content = DisplayNameBody, description = "The name."),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("env.rename"))),
)]
async fn put_display_name(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    JsonBody(body): JsonBody<DisplayNameBody>,
) -> Result<Accepted, Problem> {
    let mut faults = FieldFaults::default();
    let display_name = faults.parse("/display_name", &body.display_name, DisplayName::parse);
    let Some(display_name) = display_name else {
        return Err(faults.into_problem());
    };
    let command = RenameEnvironmentCommand {
        target,
        display_name,
    };
    let use_case = state.use_cases.changes.rename_environment.clone();
    let accepted = state
        .run_mutation(async move { use_case.run(&caller.actor, command).await })
        .await?;
    Ok(accepted.into())
}
