//! Backups of an environment, which the add-on `backup` makes.

use super::accepted::Accepted;
use super::page_view::PageView;
use crate::cursor::Cursors;
use crate::documents::{ReadProblems, WriteProblems};
use crate::problem::Problem;
use crate::request::{
    Caller, EnvironmentPath, FieldFaults, JsonBody, NoBody, PageQuery, QueryOf, Target,
};
use crate::state::ApiState;
use application::addons::RestoreBackupCommand;
use axum::Json;
use axum::extract::State;
use domain::ids::JobId;
use domain::job::{Job, JobState};
use domain::names::SnapshotName;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list_backups, create_backup))
        .routes(routes!(restore_backup))
}

/// A backup that was asked for here.
#[derive(Serialize, ToSchema)]
#[schema(as = Backup)]
struct BackupView {
    /// The job that made it, or makes it.
    #[schema(example = "job_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    job_id: String,
    /// `pending` (not begun, or being made), `made`, `not_made`, or `unknown`: the answer was lost, and somebody has to
    /// look.
    #[schema(example = "made")]
    state: &'static str,
    /// When it was asked for.
    #[schema(format = DateTime)]
    requested_at: String,
    /// When it was made, or known not to have been.
    #[schema(format = DateTime)]
    ended_at: Option<String>,
}

impl From<Job> for BackupView {
    fn from(job: Job) -> Self {
        Self {
            job_id: job.id.to_string(),
            state: match job.state {
                JobState::Succeeded => "made",
                JobState::Failed | JobState::Cancelled => "not_made",
                JobState::NeedsAttention => "unknown",
                JobState::Queued | JobState::Running | JobState::Waiting | JobState::Cancelling => {
                    "pending"
                }
            },
            requested_at: job.created_at.to_string(),
            ended_at: job.finished_at.map(|at| at.to_string()),
        }
    }
}

/// A page of backups, newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = BackupList)]
struct BackupListView {
    /// The backups.
    data: Vec<BackupView>,
    /// Where the next page starts.
    page: PageView,
}

/// List backups
///
/// The backups of the environment that were asked for here, newest first. The platform has no list of backups, and
/// the add-on says nobody what it made and has thrown away since: what it makes on its own is not here, nor are the
/// names by which it brings backups back.
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/environments/{environment_id}/backups",
    operation_id = "list_backups", tag = "software",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("environment_id" = String, Path, description = "The environment."),
        ("limit" = Option<u32>, Query, description = "Items on a page; more than 200 is lowered to \
            200. 50 when absent.", minimum = 1),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses(
        (status = 200, description = "A page of backups.", body = BackupListView),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("env.view"))),
)]
async fn list_backups(
    State(state): State<ApiState>,
    caller: Caller,
    path: EnvironmentPath,
    QueryOf(query): QueryOf<PageQuery>,
) -> Result<Json<BackupListView>, Problem> {
    let list = format!("backups\n{}", path.environment_id);
    let cursors = Cursors {
        hasher: &*state.settings.token_hasher,
        owner: path.team_id,
        list: &list,
    };
    let page = query.request(&cursors, |id: String| id.parse::<JobId>().ok())?;
    let use_case = &state.use_cases.software.list_backups;
    let found = use_case
        .run(&caller.actor, path.team_id, path.environment_id, page)
        .await?;
    let next_cursor = found.next_after.map(|id| cursors.write(&id.to_string()));
    Ok(Json(BackupListView {
        data: found.items.into_iter().map(BackupView::from).collect(),
        page: PageView { next_cursor },
    }))
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
