//! Add-ons of an environment.

use super::accepted::Accepted;
use super::environment_view::InstallationView;
use crate::documents::{ReadProblems, WriteProblems};
use crate::problem::Problem;
use crate::request::{
    AddonPath, Caller, EnvironmentPath, JsonBody, NoBody, NoQuery, QueryOf, Target,
};
use crate::state::ApiState;
use application::addons::{InstallAddonCommand, ListedAddon};
use axum::Json;
use axum::extract::State;
use domain::software::Addon;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list_addons, install_addon))
        .routes(routes!(uninstall_addon))
}

/// An add-on.
#[derive(Deserialize, Serialize, ToSchema, Clone, Copy)]
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

impl From<Addon> for AddonName {
    fn from(addon: Addon) -> Self {
        match addon {
            Addon::RootAccess => Self::RootAccess,
            Addon::Sftp => Self::Sftp,
            Addon::LetsEncrypt => Self::LetsEncrypt,
            Addon::Backup => Self::Backup,
        }
    }
}

/// An add-on, as an environment has it or may have it.
#[derive(Serialize, ToSchema)]
#[schema(as = ListedAddon)]
struct ListedAddonView {
    /// The add-on.
    addon: AddonName,
    /// Whether the platform is configured for it, so that it can be installed.
    available: bool,
    /// The installation, when the environment has it.
    installation: Option<InstallationView>,
}

/// The add-ons that there are.
#[derive(Serialize, ToSchema)]
#[schema(as = AddonList)]
struct AddonListView {
    /// The add-ons; all of them.
    data: Vec<ListedAddonView>,
}

impl From<ListedAddon> for ListedAddonView {
    fn from(listed: ListedAddon) -> Self {
        Self {
            addon: listed.addon.into(),
            available: listed.is_available,
            installation: listed.installation.map(InstallationView::from),
        }
    }
}

/// List add-ons
///
/// All add-ons that there are: whether the team's platform is configured for each, and whether the environment has it.
/// From our own records: the platform is not asked.
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/environments/{environment_id}/addons",
    operation_id = "list_addons", tag = "software",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("environment_id" = String, Path, description = "The environment."),
    ),
    responses(
        (status = 200, description = "The add-ons.", body = AddonListView),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("env.view"))),
)]
async fn list_addons(
    State(state): State<ApiState>,
    caller: Caller,
    path: EnvironmentPath,
    _: QueryOf<NoQuery>,
) -> Result<Json<AddonListView>, Problem> {
    let use_case = &state.use_cases.software.list_addons;
    let listed = use_case
        .run(&caller.actor, path.team_id, path.environment_id)
        .await?;
    Ok(Json(AddonListView {
        data: listed.into_iter().map(ListedAddonView::from).collect(),
    }))
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
    let use_case = state.use_cases.software.install_addon.clone();
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
    let use_case = state.use_cases.software.uninstall_addon.clone();
    let accepted = state
        .run_mutation(async move { use_case.run(&caller.actor, target, addon).await })
        .await?;
    Ok(accepted.into())
}
