//! A team's data, to take along: one JSON object a line.

mod line;

pub use line::ExportLines;

use crate::documents::ReadProblems;
use crate::problem::Problem;
use crate::request::{Caller, NoQuery, QueryOf, TeamPath};
use crate::state::ApiState;
use application::UseCaseError;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use domain::access::Permission;
use domain::ports::Instant;
use futures::stream::unfold;
use std::time::Duration;
use tracing::info;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How long the rights are good that were seen: who loses them loses the rest of the export.
const RIGHTS_GOOD_FOR: Duration = Duration::from_millis(500);

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(export_team))
}

/// Export a team
///
/// Everything that is kept of the team, one JSON object a line (newline-delimited JSON). Each has a `type`: first
/// `export` with the version of the format, then `team`, `platform_account`, `role`, `member`, `invitation`,
/// `api_token`, `webhook`, `environment`, `job` (newest first, each followed by its `job_log_line`s), `finding` and `audit_event`,
/// with the fields that the same thing has elsewhere in this API, and at last `end` with how many there were of each. An
/// export without `end` was cut off: ask again. No secret is in it: no password, token, session, or value of a
/// variable. What changes while it is read may be in it or not. Each export is in the audit trail.
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/export", operation_id = "export_team", tag = "teams",
    params(("team_id" = String, Path, description = "The team.")),
    responses(
        (status = 200, description = "The lines, as they are read.", body = String,
            content_type = "application/x-ndjson"),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("team.export"))),
)]
async fn export_team(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    _: QueryOf<NoQuery>,
) -> Result<Response, Problem> {
    let use_case = &state.use_cases.teams.export_team;
    let reader = use_case.run(&caller.actor, path.team_id).await?;
    let name = format!("attachment; filename=\"{}.ndjson\"", path.team_id);
    let export = Export {
        lines: ExportLines::new(reader),
        authenticated_at: state.use_cases.clock.instant(),
        state,
        caller,
    };
    let body = unfold(Some(export), |export| async {
        let mut export = export?;
        match export.next().await {
            Ok(line) => line.map(|line| (Ok(line), Some(export))),
            Err(problem) => {
                let (code, error) = (problem.code().as_str(), problem.cause());
                info!(code, error, "export of a team ended early");
                // The connection is cut, so that nobody takes the part for the whole.
                Some((Err(std::io::Error::other(code)), None))
            }
        }
    });
    let headers = [
        (CONTENT_TYPE, "application/x-ndjson"),
        (CACHE_CONTROL, "no-store"),
        (CONTENT_DISPOSITION, name.as_str()),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

/// An export that is under way.
struct Export {
    lines: ExportLines,
    authenticated_at: Instant,
    state: ApiState,
    caller: Caller,
}

impl Export {
    async fn next(&mut self) -> Result<Option<String>, Problem> {
        let now = self.state.use_cases.clock.instant();
        if now >= self.authenticated_at.plus(RIGHTS_GOOD_FOR) {
            self.caller.authenticate_again(&self.state).await?;
            let permitted = self.caller.actor.demand(Permission::TeamExport);
            permitted.map_err(|denied| Problem::from(UseCaseError::from(denied)))?;
            self.authenticated_at = now;
        }
        let line = self.lines.next().await;
        line.map_err(|error| Problem::from(UseCaseError::from(error)))
    }
}
