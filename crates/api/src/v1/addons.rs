//! Add-ons of an environment.

use super::accepted::Accepted;
use crate::documents::WriteProblems;
use crate::problem::Problem;
use crate::request::{AddonPath, Caller, JsonBody, NoBody, Target};
use crate::state::ApiState;
use application::addons::InstallAddonCommand;
use axum::extract::State;
use domain::software::Addon;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(install_addon))
        .routes(routes!(uninstall_addon))
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
    /// Backups of the environment.
    Backup,
}

impl From<AddonName> for Addon {
    fn from(name: AddonName) -> Self {
        match name {
            AddonName::RootAccess => Self::RootAccess,
            AddonName::Sftp => Self::Sftp,
            AddonName::LetsEncrypt => Self::LetsEncrypt,
            AddonName::Backup => Self::Backup,
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
    operation_id = "install_addon", tag = "software",
    params(Target),
    request_body(content = InstallBody, description = "The add-on.", example = json!({"addon": "sftp"})),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("addon.install"))),
)]
async fn install_addon(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    JsonBody(body): JsonBody<InstallBody>,
) -> Result<Accepted, Problem> {
    let command = InstallAddonCommand {
        team_id: target.team_id,
        environment_id: target.environment_id,
        addon: body.addon.into(),
        idempotency_key: target.idempotency_key,
    };
    let use_case = state.use_cases.changes.install_addon.clone();
    let accepted = state
        .run_mutation(async move { use_case.run(&caller.actor, command).await })
        .await?;
    Ok(accepted.into())
}

/// Uninstall an add-on
///
/// Answers at once with the job that uninstalls it. The environment must stand (running, stopped or
/// sleeping) and have the add-on.
#[utoipa::path(
    delete, path = "/v1/teams/{team_id}/environments/{environment_id}/addons/{addon}",
    operation_id = "uninstall_addon", tag = "software",
    params(
        Target,
        ("addon" = String, Path, description = "`root_access`, `sftp`, `lets_encrypt` or `backup`."),
    ),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("addon.uninstall"))),
)]
async fn uninstall_addon(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    AddonPath(addon): AddonPath,
    _: NoBody,
) -> Result<Accepted, Problem> {
    let use_case = state.use_cases.changes.uninstall_addon.clone();
    let accepted = state
        .run_mutation(async move { use_case.run(&caller.actor, target, addon).await })
        .await?;
    Ok(accepted.into())
}
