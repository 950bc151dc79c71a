//! What is done inside of a site: searching and replacing, and scripts that the operator has mapped.
//! No client supplies a command or a script.

use super::accepted::Accepted;
use crate::documents::WriteProblems;
use crate::problem::Problem;
use crate::request::{Caller, FieldFaults, JsonBody, Target};
use crate::state::ApiState;
use application::environments::SearchReplaceCommand;
use axum::extract::State;
use domain::names::ScriptName;
use domain::wordpress::{ArgumentText, SearchReplace};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(search_replace))
        .routes(routes!(run_script))
}

/// What to search for and what to put in its place.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SearchReplace)]
struct SearchReplaceBody {
    /// The text to search for; no hyphen at its beginning.
    #[schema(example = "http://old.example.com", min_length = 1, max_length = 1024)]
    search: String,
    /// The text in its place; no hyphen at its beginning.
    #[schema(example = "https://shop.example.com", max_length = 1024)]
    replacement: String,
    /// Whether to count only. The counts stand in the job's log.
    #[serde(default)]
    dry_run: bool,
}

/// The script to run.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ScriptRun)]
struct ScriptBody {
    /// A script that the operator configured.
    #[schema(example = "warm-up", min_length = 1, max_length = 64)]
    script: String,
}

/// Search and replace in the database
///
/// Answers at once with the job that counts, keeps the database in a file on the node, replaces in all
/// tables (serialised values included) and empties the cache; with `dry_run` it only counts. The
/// environment must run.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/environments/{environment_id}/actions/search-replace",
    operation_id = "search_replace", tag = "software",
    params(Target),
    request_body(content = SearchReplaceBody, description = "The texts."),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("search_replace.run"))),
)]
async fn search_replace(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    JsonBody(body): JsonBody<SearchReplaceBody>,
) -> Result<Accepted, Problem> {
    let command = SearchReplaceCommand {
        target,
        texts: texts(&body)?,
        is_count_only: body.dry_run,
    };
    let use_case = state.use_cases.changes.search_replace.clone();
    let accepted = state
        .run_mutation(async move { use_case.run(&caller.actor, command).await })
        .await?;
    Ok(accepted.into())
}

fn texts(body: &SearchReplaceBody) -> Result<SearchReplace, Problem> {
    let mut faults = FieldFaults::default();
    let mut argument = |pointer, text: &str| {
        ArgumentText::parse(text)
            .map_err(|error| faults.add(pointer, error.rule()))
            .ok()
    };
    let search = argument("/search", &body.search);
    let replacement = argument("/replacement", &body.replacement);
    let (Some(search), Some(replacement)) = (search, replacement) else {
        return Err(faults.into_problem());
    };
    SearchReplace::new(search, replacement).map_err(|error| {
        faults.add("/search", error.rule());
        faults.into_problem()
    })
}

/// Run a mapped script
///
/// Answers at once with the job that runs a script which is stored on the platform and named by
/// configuration. Nothing tells afterwards whether it ran: when its answer is lost, the job asks for
/// somebody to look instead of running it twice.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/environments/{environment_id}/actions/run-script",
    operation_id = "run_script", tag = "software",
    params(Target),
    request_body(content = ScriptBody, description = "The script."),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("script.run"))),
)]
async fn run_script(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    JsonBody(body): JsonBody<ScriptBody>,
) -> Result<Accepted, Problem> {
    let mut faults = FieldFaults::default();
    let Some(script) = faults.parse("/script", &body.script, ScriptName::parse) else {
        return Err(faults.into_problem());
    };
    let use_case = state.use_cases.changes.run_script.clone();
    let accepted = state
        .run_mutation(async move { use_case.run(&caller.actor, target, &script).await })
        .await?;
    Ok(accepted.into())
}
