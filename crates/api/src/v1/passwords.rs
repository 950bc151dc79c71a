//! Passwords of nodes. A new one goes from the parser into a type that cannot be printed, and no
//! answer shows it.

use super::accepted::Accepted;
use crate::documents::WriteProblems;
use crate::problem::Problem;
use crate::request::{Caller, JsonBody, NodePath, SecretField, Target};
use crate::state::ApiState;
use application::environments::{PasswordOf, ResetPasswordCommand};
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(reset_node_password))
}

/// Whose password it is.
#[derive(Deserialize, ToSchema, Clone, Copy)]
#[serde(rename_all = "snake_case")]
#[schema(as = PasswordOf)]
enum PasswordOfBody {
    /// The main user of the node's software.
    MainUser,
    /// The root user of the container.
    Root,
}

/// The new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PasswordReset)]
struct ResetBody {
    /// Whose password it is.
    of: PasswordOfBody,
    /// The password, without control characters.
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 1024)]
    password: SecretField,
}

/// Reset a password of a node
///
/// Answers at once with the job that sets it. The environment must run.
#[utoipa::path(
    post,
    path = "/v1/teams/{team_id}/environments/{environment_id}/nodes/{node_id}/actions/reset-password",
    operation_id = "reset_node_password", tag = "nodes",
    params(Target, ("node_id" = String, Path, description = "The node.")),
    request_body(content = ResetBody, description = "The new password.",
        example = json!({"of": "main_user", "password": "…"})),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("password.reset"))),
)]
async fn reset_node_password(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    NodePath(node): NodePath,
    JsonBody(body): JsonBody<ResetBody>,
) -> Result<Accepted, Problem> {
    let command = ResetPasswordCommand {
        target,
        node,
        of: match body.of {
            PasswordOfBody::MainUser => PasswordOf::MainUser,
            PasswordOfBody::Root => PasswordOf::Root,
        },
        password: body.password.0,
    };
    let use_case = state.use_cases.changes.reset_password.clone();
    let accepted = state
        .run_mutation(async move { use_case.run(&caller.actor, command).await })
        .await?;
    Ok(accepted.into())
}
