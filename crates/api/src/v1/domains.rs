//! Domains that visitors use for an environment, besides the platform's own.

use super::accepted::Accepted;
use crate::documents::WriteProblems;
use crate::problem::Problem;
use crate::request::{Caller, DomainPath, FieldFaults, JsonBody, NoBody, Target};
use crate::state::ApiState;
use application::EnvironmentTarget;
use application::environments::{ChangeDomainsCommand, DomainChange};
use axum::extract::State;
use domain::names::ExternalDomain;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(bind_domain))
        .routes(routes!(unbind_domain))
}

/// The domain to bind.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DomainBind)]
struct BindBody {
    /// The domain, in lower case; international ones in their ASCII form.
    #[schema(example = "shop.example.com", min_length = 3, max_length = 253)]
    domain: String,
}

/// Bind a domain
///
/// Answers at once with the job that binds it. Nobody else on the platform may have it. Where the
/// domain points to is its owner's matter.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/environments/{environment_id}/domains",
    operation_id = "bind_domain", tag = "environments",
    params(Target),
    request_body(content = BindBody, description = "The domain."),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("domain.manage"))),
)]
async fn bind_domain(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    JsonBody(body): JsonBody<BindBody>,
) -> Result<Accepted, Problem> {
    let mut faults = FieldFaults::default();
    let Some(domain) = faults.parse("/domain", &body.domain, ExternalDomain::parse) else {
        return Err(faults.into_problem());
    };
    change(&state, caller, target, domain, DomainChange::Bind).await
}

/// Unbind a domain
///
/// Answers at once with the job that takes it off. One that is not bound stays unbound.
#[utoipa::path(
    delete, path = "/v1/teams/{team_id}/environments/{environment_id}/domains/{domain}",
    operation_id = "unbind_domain", tag = "environments",
    params(
        Target,
        ("domain" = String, Path, description = "The domain, in lower case.", max_length = 253),
    ),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("domain.manage"))),
)]
async fn unbind_domain(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    DomainPath(domain): DomainPath,
    _: NoBody,
) -> Result<Accepted, Problem> {
    change(&state, caller, target, domain, DomainChange::Unbind).await
}

async fn change(
    state: &ApiState,
    caller: Caller,
    target: EnvironmentTarget,
    domain: ExternalDomain,
    change: DomainChange,
) -> Result<Accepted, Problem> {
    let command = ChangeDomainsCommand {
        target,
        domain,
        change,
    };
    let use_case = state.use_cases.changes.change_domains.clone();
    let accepted = state
        .run_mutation(async move { use_case.run(&caller.actor, command).await })
        .await?;
    Ok(accepted.into())
}
