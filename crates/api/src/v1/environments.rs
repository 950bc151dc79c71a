//! Environments: ask for one, list them, see one.

use super::accepted::Accepted;
use super::addons::AddonName;
use super::environment_view::{EnvironmentSummaryView, EnvironmentView};
use super::page_view::PageView;
use crate::cursor::Cursors;
use crate::documents::{ReadProblems, WriteProblems};
use crate::problem::{Fault, Problem};
use crate::request::{
    Caller, EnvironmentPath, FieldFaults, JsonBody, NoQuery, PageQuery, QueryOf, QueryTexts,
    ReadQuery, RequiredIdempotencyKey, TeamPath,
};
use crate::state::ApiState;
use application::environments::ProvisionEnvironmentCommand;
use axum::Json;
use axum::extract::State;
use domain::environment::EnvironmentState;
use domain::ids::{EnvironmentId, TeamId};
use domain::names::{
    BlueprintName, DisplayName, EnvironmentName, IdempotencyKey, NameError, RegionName, SearchText,
};
use domain::ports::EnvironmentFilter;
use domain::software::Addon;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list_environments, create_environment))
        .routes(routes!(get_environment))
}

/// The environment to build.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EnvironmentCreate)]
struct CreateBody {
    /// What the team calls it: lower-case letters, digits and hyphens, starting with a letter.
    #[schema(
        example = "shop",
        min_length = 2,
        max_length = 25,
        pattern = "^[a-z][a-z0-9-]*[a-z0-9]$"
    )]
    name: String,
    /// What people see; the name when absent.
    #[serde(default)]
    #[schema(example = "The shop", min_length = 1, max_length = 80)]
    display_name: Option<String>,
    /// A blueprint that the operator configured.
    #[schema(example = "wordpress", min_length = 1, max_length = 64)]
    blueprint: String,
    /// Where it runs; the platform's default when absent.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64)]
    region: Option<String>,
    /// What is installed besides the blueprint's package. Needs the permission `addon.install`.
    #[serde(default)]
    #[schema(example = json!(["sftp", "lets_encrypt"]))]
    addons: Vec<AddonName>,
}

/// A page of environments, oldest first.
#[derive(Serialize, ToSchema)]
#[schema(as = EnvironmentList)]
struct EnvironmentListView {
    /// The environments.
    data: Vec<EnvironmentSummaryView>,
    /// Where the next page starts.
    page: PageView,
}

/// Which environments, and which page of them.
struct EnvironmentsQuery {
    filter: EnvironmentFilter,
    page: PageQuery,
    /// The list that a cursor belongs to: another filter is another list.
    list: String,
}

impl ReadQuery for EnvironmentsQuery {
    const NAMES: &'static [&'static str] =
        &["limit", "cursor", "state", "blueprint", "region", "q"];

    fn read(texts: &QueryTexts) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let mut list = "environments".to_owned();
        for name in &Self::NAMES[2..] {
            list.push('\n');
            list.push_str(texts.get(name).unwrap_or_default());
        }
        let filter = EnvironmentFilter {
            state: texts.get("state").and_then(EnvironmentState::parse),
            blueprint: parse_name(texts, "blueprint", BlueprintName::parse, &mut faults),
            region: parse_name(texts, "region", RegionName::parse, &mut faults),
            text: parse_name(texts, "q", SearchText::parse, &mut faults),
        };
        if texts.get("state").is_some() && filter.state.is_none_or(EnvironmentState::is_final) {
            let rule = "must be the `state` of a living environment, such as `running`";
            faults.push(Fault::in_query("state", rule));
        }
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        Ok(Self {
            filter,
            page: PageQuery::read(texts)?,
            list,
        })
    }
}

fn parse_name<Name>(
    texts: &QueryTexts,
    name: &'static str,
    parse: impl Fn(&str) -> Result<Name, NameError>,
    faults: &mut Vec<Fault>,
) -> Option<Name> {
    match texts.get(name).map(parse)? {
        Ok(parsed) => Some(parsed),
        Err(error) => {
            faults.push(Fault::in_query(name, error.rule()));
            None
        }
    }
}

/// Create an environment
///
/// Answers at once with the job that builds it; the environment can be read from then on. When the
/// job fails or is cancelled, what it built is taken down again.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/environments", operation_id = "create_environment",
    tag = "environments",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("Idempotency-Key" = String, Header, description = "Unique for what is to happen once; a \
            repeated request with the same key gives the same job.", max_length = 255),
    ),
    request_body(content = CreateBody, description = "The environment to build."),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("env.create"))),
)]
async fn create_environment(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    _: QueryOf<NoQuery>,
    RequiredIdempotencyKey(key): RequiredIdempotencyKey,
    JsonBody(body): JsonBody<CreateBody>,
) -> Result<Accepted, Problem> {
    let command = command(path.team_id, key, body)?;
    let use_case = state.use_cases.provision_environment.clone();
    let accepted = state
        .run_mutation(async move { use_case.run(&caller.actor, command).await })
        .await?;
    Ok(accepted.into())
}

fn command(
    team_id: TeamId,
    idempotency_key: IdempotencyKey,
    body: CreateBody,
) -> Result<ProvisionEnvironmentCommand, Problem> {
    let mut faults = FieldFaults::default();
    let name = faults.parse("/name", &body.name, EnvironmentName::parse);
    let display_name = body.display_name.as_deref();
    let display_name = faults.parse_optional("/display_name", display_name, DisplayName::parse);
    let blueprint = faults.parse("/blueprint", &body.blueprint, BlueprintName::parse);
    let region = faults.parse_optional("/region", body.region.as_deref(), RegionName::parse);
    match (name, blueprint) {
        (Some(name), Some(blueprint)) if faults.is_empty() => Ok(ProvisionEnvironmentCommand {
            team_id,
            name,
            display_name,
            blueprint,
            region,
            addons: body.addons.into_iter().map(Addon::from).collect(),
            idempotency_key,
        }),
        _ => Err(faults.into_problem()),
    }
}

/// List environments
///
/// The living environments of the team, oldest first, from our own records: the platform is not
/// asked. Filters narrow the list; a cursor belongs to the filters it was made for.
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/environments", operation_id = "list_environments",
    tag = "environments",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("state" = Option<String>, Query, description = "Only environments in this state.",
            example = "running"),
        ("blueprint" = Option<String>, Query, description = "Only environments that were built from \
            this.", example = "wordpress", min_length = 1, max_length = 64),
        ("region" = Option<String>, Query, description = "Only environments that were asked for in \
            this region.", min_length = 1, max_length = 64),
        ("q" = Option<String>, Query, description = "Only environments with this in their name, \
            display name or address; case does not matter.", example = "shop", min_length = 1,
            max_length = 80),
        ("limit" = Option<u32>, Query, description = "Items on a page; more than 200 is lowered to \
            200. 50 when absent.", minimum = 1),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses(
        (status = 200, description = "A page of environments.", body = EnvironmentListView),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("env.view"))),
)]
async fn list_environments(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    QueryOf(query): QueryOf<EnvironmentsQuery>,
) -> Result<Json<EnvironmentListView>, Problem> {
    let cursors = Cursors {
        hasher: &*state.settings.token_hasher,
        owner: path.team_id,
        list: &query.list,
    };
    let page = query
        .page
        .request(&cursors, |id: String| id.parse::<EnvironmentId>().ok())?;
    let use_case = &state.use_cases.list_environments;
    let found = use_case
        .run(&caller.actor, path.team_id, &query.filter, page)
        .await?;
    let next_cursor = found.next_after.map(|id| cursors.write(&id.to_string()));
    let mut is_any_stale = false;
    let data = found.items.into_iter().map(|environment| {
        let is_stale = state.is_stale(&environment);
        is_any_stale |= is_stale;
        EnvironmentSummaryView::of(environment, is_stale)
    });
    let data = data.collect();
    if is_any_stale {
        state.hasten_sync(path.team_id);
    }
    Ok(Json(EnvironmentListView {
        data,
        page: PageView { next_cursor },
    }))
}

/// Show an environment
///
/// From our own records: the platform is not asked. `synced_at` says how old they are.
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/environments/{environment_id}",
    operation_id = "get_environment", tag = "environments",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("environment_id" = String, Path, description = "The environment."),
    ),
    responses(
        (status = 200, description = "The environment.", body = EnvironmentView),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("env.view"))),
)]
async fn get_environment(
    State(state): State<ApiState>,
    caller: Caller,
    path: EnvironmentPath,
    _: QueryOf<NoQuery>,
) -> Result<Json<EnvironmentView>, Problem> {
    let use_case = &state.use_cases.get_environment;
    let details = use_case
        .run(&caller.actor, path.team_id, path.environment_id)
        .await?;
    let is_stale = state.is_stale(&details.environment);
    if is_stale {
        state.hasten_sync(path.team_id);
    }
    Ok(Json(EnvironmentView::of(details, is_stale)))
}
