//! Backups of an environment, which the add-on `backup` makes.

use super::accepted::Accepted;
use crate::documents::WriteProblems;
use crate::problem::Problem;
use crate::request::{Caller, FieldFaults, JsonBody, NoBody, Target};
use crate::state::ApiState;
use application::addons::RestoreBackupCommand;
use axum::extract::State;
use domain::names::SnapshotName;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(create_backup))
        .routes(routes!(restore_backup))
}

/// The backup to bring back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BackupRestore)]
struct RestoreBody {
    /// The backup, as the add-on names it.
    #[schema(example = "2026-01-02_0304", min_length = 1, max_length = 128)]
    snapshot: String,
}

/// Make a backup
///
/// Answers at once with the job in which the add-on `backup` makes a backup of the environment, which must run and
/// have the add-on. Nothing tells afterwards whether it did: when its answer is lost, the job asks for somebody to
/// look instead of making two.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/environments/{environment_id}/backups",
    operation_id = "create_backup", tag = "software",
    params(Target),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("backup.create"))),
)]
async fn create_backup(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    _: NoBody,
) -> Result<Accepted, Problem> {
    let use_case = state.use_cases.software.create_backup.clone();
    let accepted = state
        .run_mutation(async move { use_case.run(&caller.actor, target).await })
        .await?;
    Ok(accepted.into())
}

/// Bring a backup back
///
/// Answers at once with the job in which the add-on `backup` puts back what the backup holds. What was changed since
/// it was made is lost; there is no way back. The environment must run and have the add-on.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/environments/{environment_id}/actions/restore-backup",
    operation_id = "restore_backup", tag = "software",
    params(Target),
    request_body(content = RestoreBody, description = "The backup."),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("backup.restore"))),
)]
async fn restore_backup(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    JsonBody(body): JsonBody<RestoreBody>,
) -> Result<Accepted, Problem> {
    let mut faults = FieldFaults::default();
    let Some(snapshot) = faults.parse("/snapshot", &body.snapshot, SnapshotName::parse) else {
        return Err(faults.into_problem());
    };
    let command = RestoreBackupCommand { target, snapshot };
    let use_case = state.use_cases.software.restore_backup.clone();
    let accepted = state
        .run_mutation(async move { use_case.run(&caller.actor, command).await })
        .await?;
    Ok(accepted.into())
}
