//! Add-ons of an environment.

use super::accepted::Accepted;
use super::job_view::JobView;
use crate::documents::WriteProblems;
use crate::problem::Problem;
use crate::request::{Caller, EnvironmentPath, JsonBody, NoQuery, QueryOf, RequiredIdempotencyKey};
use crate::state::ApiState;
use application::addons::InstallAddonCommand;
use axum::extract::State;
use domain::software::Addon;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(install_addon))
}

/// An add-on.
#[derive(Deserialize, ToSchema, Clone, Copy)]
#[serde(rename_all = "snake_case")]
#[schema(as = Addon)]
pub(super) enum AddonName {
    /// Root access to the nodes.
    RootAccess,
    /// File transfer over SSH.
    Sftp,
    /// Certificates from Let's Encrypt.
    LetsEncrypt,
}

impl From<AddonName> for Addon {
    fn from(name: AddonName) -> Self {
        match name {
            AddonName::RootAccess => Self::RootAccess,
            AddonName::Sftp => Self::Sftp,
            AddonName::LetsEncrypt => Self::LetsEncrypt,
        }
    }
}

/// The add-on to install.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AddonInstall)]
struct InstallBody {
    /// The add-on.
    addon: AddonName,
}

/// Install an add-on
///
/// Answers at once with the job that installs it. The environment must stand (running, stopped or
/// sleeping) and not have the add-on.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/environments/{environment_id}/addons",
    operation_id = "install_addon", tag = "environments",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("environment_id" = String, Path, description = "The environment."),
        ("Idempotency-Key" = String, Header, description = "Unique for what is to happen once; a \
            repeated request with the same key gives the same job.", max_length = 255),
    ),
    request_body(content = InstallBody, description = "The add-on.", example = json!({"addon": "sftp"})),
    responses(
        (status = 202, description = "Accepted: the job that installs it.", body = JobView, headers(
            ("Location" = String, description = "The job."),
            ("Retry-After" = u32, description = "When to look again, in seconds."),
            ("Idempotency-Replayed" = bool, description = "`true` when an earlier request with the \
                same key created the job; absent otherwise."),
        )),
        WriteProblems,
    ),
    security(("api_token" = [])),
    extensions(("x-required-permission" = json!("addon.install"))),
)]
async fn install_addon(
    State(state): State<ApiState>,
    caller: Caller,
    path: EnvironmentPath,
    _: QueryOf<NoQuery>,
    RequiredIdempotencyKey(idempotency_key): RequiredIdempotencyKey,
    JsonBody(body): JsonBody<InstallBody>,
) -> Result<Accepted, Problem> {
    let command = InstallAddonCommand {
        team_id: path.team_id,
        environment_id: path.environment_id,
        addon: body.addon.into(),
        idempotency_key,
    };
    let use_case = state.use_cases.install_addon.clone();
    let accepted = state
        .run_mutation(async move { use_case.run(&caller.actor, command).await })
        .await?;
    Ok(accepted.into())
}
