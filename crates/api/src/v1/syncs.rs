//! Syncs: ask for one.

use super::accepted::Accepted;
use crate::documents::WriteProblems;
use crate::problem::Problem;
use crate::request::{Caller, NoBody, NoQuery, QueryOf, RequiredIdempotencyKey, TeamPath};
use crate::state::ApiState;
use application::reconciliation::SyncTeamCommand;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(sync_team))
}

/// Read a team's environments anew from the platform
///
/// Answers at once with the job that does it. Syncs also come by themselves, and sooner when somebody reads
/// records that are old. A team has one at a time: while one is on its way, that one is the answer. Records
/// follow what others changed; what does not fit becomes a finding; nothing on the platform is changed.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/actions/sync", operation_id = "sync_team",
    tag = "environments",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("Idempotency-Key" = String, Header, description = "Unique for what is to happen once; a \
            repeated request with the same key gives the same job.", max_length = 255),
    ),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("env.sync"))),
)]
async fn sync_team(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    _: QueryOf<NoQuery>,
    RequiredIdempotencyKey(idempotency_key): RequiredIdempotencyKey,
    _: NoBody,
) -> Result<Accepted, Problem> {
    let command = SyncTeamCommand {
        team_id: path.team_id,
        idempotency_key,
    };
    let use_case = state.use_cases.syncs.sync.clone();
    let accepted = state
        .run_mutation(async move { use_case.run(&caller.actor, command).await })
        .await?;
    Ok(accepted.into())
}
