//! What an environment used lately.

use crate::documents::ReadProblems;
use crate::problem::{Fault, Problem};
use crate::request::{Caller, EnvironmentPath, QueryOf, QueryTexts, ReadQuery};
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use domain::ports::UsageSample;
use serde::Serialize;
use std::time::Duration;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How far back unless the caller says otherwise.
const SECONDS_DEFAULT: u64 = 3600;
/// How far back at most.
const SECONDS_MAX: u64 = 30 * 24 * 3600;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(get_environment_usage))
}

/// What was used in one stretch of time.
#[derive(Serialize, ToSchema)]
#[schema(as = UsageSample)]
struct UsageSampleView {
    /// The length of the stretch in seconds.
    #[schema(example = 3600)]
    seconds: u64,
    /// Processor time, in the platform's unit.
    cpu: f64,
    /// Memory, in the platform's unit.
    memory: f64,
    /// Disk, in the platform's unit.
    disk: f64,
    /// Bytes that came in from and went out to the internet.
    external_traffic_bytes: f64,
}

impl From<UsageSample> for UsageSampleView {
    fn from(sample: UsageSample) -> Self {
        Self {
            seconds: sample.duration.as_secs(),
            cpu: sample.cpu,
            memory: sample.memory,
            disk: sample.disk,
            external_traffic_bytes: sample.external_traffic_bytes,
        }
    }
}

/// What an environment used.
#[derive(Serialize, ToSchema)]
#[schema(as = Usage)]
struct UsageView {
    /// The stretches, as the platform measured them.
    data: Vec<UsageSampleView>,
}

struct UsageQuery {
    seconds: u64,
}

impl ReadQuery for UsageQuery {
    const NAMES: &'static [&'static str] = &["seconds"];

    fn read(texts: &QueryTexts) -> Result<Self, Problem> {
        let Some(text) = texts.get("seconds") else {
            let seconds = SECONDS_DEFAULT;
            return Ok(Self { seconds });
        };
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let seconds = digits.then(|| text.parse().ok()).flatten();
        match seconds {
            Some(seconds) if (1..=SECONDS_MAX).contains(&seconds) => Ok(Self { seconds }),
            _ => {
                let rule = "must be a whole number from 1 to 2592000, which is 30 days";
                Err(Problem::invalid(vec![Fault::in_query("seconds", rule)]))
            }
        }
    }
}

/// Read the usage of an environment
///
/// What it used in the time before now. Asked of the platform while you wait, at most ten seconds; an answer may be a
/// minute old.
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/environments/{environment_id}/usage",
    operation_id = "get_environment_usage", tag = "environments",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("environment_id" = String, Path, description = "The environment."),
        ("seconds" = Option<u64>, Query, description = "How far back; an hour when absent.",
            minimum = 1, maximum = 2_592_000),
    ),
    responses(
        (status = 200, description = "The usage.", body = UsageView),
        (status = 409, description = "The platform cannot be asked, or does not show it.",
            body = crate::problem::ProblemBody, content_type = "application/problem+json"),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("env.view"))),
)]
async fn get_environment_usage(
    State(state): State<ApiState>,
    caller: Caller,
    path: EnvironmentPath,
    QueryOf(query): QueryOf<UsageQuery>,
) -> Result<Json<UsageView>, Problem> {
    let question = (
        path.team_id,
        path.environment_id,
        Duration::from_secs(query.seconds),
    );
    let use_case = &state.use_cases.capacity.read_usage;
    let samples = use_case.run(&caller.actor, question).await?;
    Ok(Json(UsageView {
        data: samples.into_iter().map(UsageSampleView::from).collect(),
    }))
}
