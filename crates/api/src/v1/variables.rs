//! Variables of containers. Their values may be secrets: they go from the parser into a type that
//! cannot be printed. An answer shows them only to who may see them and asks for them.

use super::accepted::Accepted;
use super::shown_secret::ShownSecret;
use crate::documents::{ReadProblems, WriteProblems};
use crate::problem::Problem;
use crate::request::{
    Caller, EnvironmentPath, FieldFaults, JsonBody, NodePath, QueryOf, QueryTexts, ReadQuery,
    SecretFields, Target, pointer_to,
};
use crate::state::ApiState;
use application::environments::{ChangeVariablesCommand, ListedVariable, VariablesChange};
use axum::Json;
use axum::extract::State;
use domain::SecretText;
use domain::ids::NodeId;
use domain::names::VariableName;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list_variables))
        .routes(routes!(add_variables))
        .routes(routes!(replace_variables))
        .routes(routes!(remove_variables))
}

/// Variables of a container, with their values.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Variables)]
struct VariablesBody {
    /// The node.
    #[schema(example = "node_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    node_id: String,
    /// Names with their values: 4096 bytes each at most, without control characters. No answer shows
    /// a value.
    #[schema(value_type = BTreeMap<String, String>, example = json!({"APP_MODE": "production"}))]
    variables: SecretFields,
}

/// Variables of a container, by name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = VariableNames)]
struct NamesBody {
    /// The node.
    #[schema(example = "node_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    node_id: String,
    /// The names.
    #[schema(example = json!(["APP_MODE"]), min_items = 1)]
    names: Vec<String>,
}

/// A variable of a container.
#[derive(Serialize, ToSchema)]
#[schema(as = Variable)]
struct VariableView {
    /// Its name.
    #[schema(example = "APP_MODE")]
    name: String,
    /// Its value; `null` unless values were asked for.
    #[schema(value_type = Option<String>, example = "production")]
    value: Option<ShownSecret>,
}

/// The variables of a container, by name.
#[derive(Serialize, ToSchema)]
#[schema(as = VariableList)]
struct VariableListView {
    /// The variables; all of them, those of the image included.
    data: Vec<VariableView>,
}

impl From<ListedVariable> for VariableView {
    fn from(variable: ListedVariable) -> Self {
        Self {
            name: variable.name,
            value: variable.value.map(ShownSecret),
        }
    }
}

struct VariablesQuery {
    with_values: bool,
}

impl ReadQuery for VariablesQuery {
    const NAMES: &'static [&'static str] = &["values"];

    fn read(texts: &QueryTexts) -> Result<Self, Problem> {
        let with_values = texts.flag("values")?;
        Ok(Self { with_values })
    }
}

/// List variables
///
/// The variables of a container, by name. Values may be secrets: they are hidden unless `values=true`, which needs the
/// permission `variables.view_values` as well and is in the audit trail. Asked of the platform while you wait, at most
/// ten seconds.
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/environments/{environment_id}/nodes/{node_id}/variables",
    operation_id = "list_variables", tag = "nodes",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("environment_id" = String, Path, description = "The environment."),
        ("node_id" = String, Path, description = "The node."),
        ("values" = Option<bool>, Query, description = "Whether values are shown; `false` when absent."),
    ),
    responses(
        (status = 200, description = "The variables.", body = VariableListView),
        (status = 409, description = "The platform cannot be asked, or does not show it.",
            body = crate::problem::ProblemBody, content_type = "application/problem+json"),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("env.view"))),
)]
async fn list_variables(
    State(state): State<ApiState>,
    caller: Caller,
    path: EnvironmentPath,
    NodePath(node): NodePath,
    QueryOf(query): QueryOf<VariablesQuery>,
) -> Result<Json<VariableListView>, Problem> {
    let place = (path.team_id, path.environment_id, node);
    let use_case = &state.use_cases.list_variables;
    let found = use_case
        .run(&caller.actor, place, query.with_values)
        .await?;
    Ok(Json(VariableListView {
        data: found.into_iter().map(VariableView::from).collect(),
    }))
}

/// Add variables
///
/// Answers at once with the job that adds or overwrites these variables of a container and leaves
/// others alone.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/environments/{environment_id}/variables/actions/add",
    operation_id = "add_variables", tag = "nodes",
    params(Target),
    request_body(content = VariablesBody, description = "The variables."),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("variables.manage"))),
)]
async fn add_variables(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    JsonBody(body): JsonBody<VariablesBody>,
) -> Result<Accepted, Problem> {
    let (node, variables) = variables(body)?;
    let command = ChangeVariablesCommand {
        target,
        node,
        change: VariablesChange::Add(variables),
    };
    change(&state, caller, command).await
}

/// Replace all variables
///
/// Answers at once with the job that leaves the container with exactly these variables.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/environments/{environment_id}/variables/actions/replace",
    operation_id = "replace_variables", tag = "nodes",
    params(Target),
    request_body(content = VariablesBody, description = "All variables."),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("variables.manage"))),
)]
async fn replace_variables(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    JsonBody(body): JsonBody<VariablesBody>,
) -> Result<Accepted, Problem> {
    let (node, variables) = variables(body)?;
    let command = ChangeVariablesCommand {
        target,
        node,
        change: VariablesChange::Replace(variables),
    };
    change(&state, caller, command).await
}

/// Remove variables
///
/// Answers at once with the job that removes variables of a container by name; missing ones do not
/// matter.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/environments/{environment_id}/variables/actions/remove",
    operation_id = "remove_variables", tag = "nodes",
    params(Target),
    request_body(content = NamesBody, description = "The names."),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("variables.manage"))),
)]
async fn remove_variables(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    JsonBody(body): JsonBody<NamesBody>,
) -> Result<Accepted, Problem> {
    let (node, names) = names(&body)?;
    let command = ChangeVariablesCommand {
        target,
        node,
        change: VariablesChange::Remove(names),
    };
    change(&state, caller, command).await
}

async fn change(
    state: &ApiState,
    caller: Caller,
    command: ChangeVariablesCommand,
) -> Result<Accepted, Problem> {
    let use_case = state.use_cases.changes.change_variables.clone();
    let accepted = state
        .run_mutation(async move { use_case.run(&caller.actor, command).await })
        .await?;
    Ok(accepted.into())
}

fn variables(body: VariablesBody) -> Result<(NodeId, BTreeMap<VariableName, SecretText>), Problem> {
    let mut faults = FieldFaults::default();
    let node = faults.parse_id("/node_id", &body.node_id);
    let mut variables = BTreeMap::new();
    for (name, secret) in body.variables.0 {
        let pointer = pointer_to("/variables", &name);
        if let Some(name) = faults.parse(&pointer, &name, VariableName::parse) {
            variables.insert(name, secret.0);
        }
    }
    match node {
        Some(node) if faults.is_empty() => Ok((node, variables)),
        _ => Err(faults.into_problem()),
    }
}

fn names(body: &NamesBody) -> Result<(NodeId, BTreeSet<VariableName>), Problem> {
    let mut faults = FieldFaults::default();
    let node = faults.parse_id("/node_id", &body.node_id);
    if body.names.is_empty() {
        faults.add("/names", "must not be empty");
    }
    let mut names = BTreeSet::new();
    for (index, name) in body.names.iter().enumerate() {
        names.extend(faults.parse(&format!("/names/{index}"), name, VariableName::parse));
    }
    match node {
        Some(node) if faults.is_empty() => Ok((node, names)),
        _ => Err(faults.into_problem()),
    }
}
