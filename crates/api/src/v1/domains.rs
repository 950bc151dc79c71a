//! Domains that visitors use for an environment, besides the platform's own.

use super::accepted::Accepted;
use crate::documents::{ReadProblems, WriteProblems};
use crate::problem::Problem;
use crate::request::{
    Caller, DomainPath, EnvironmentPath, FieldFaults, JsonBody, NoBody, NoQuery, QueryOf, Target,
};
use crate::state::ApiState;
use application::EnvironmentTarget;
use application::environments::{BoundDomains, ChangeDomainsCommand, DomainChange};
use axum::Json;
use axum::extract::State;
use domain::names::ExternalDomain;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list_domains, bind_domain))
        .routes(routes!(unbind_domain))
        .routes(routes!(check_domain))
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

/// What the owner of a domain has to set in the DNS.
#[derive(Serialize, ToSchema)]
#[schema(as = DnsRecord)]
struct DnsRecordView {
    /// The name of the record.
    #[schema(example = "shop.example.com")]
    name: String,
    /// Its type. Where a provider allows none at the top of a zone, one of its aliases does the same.
    #[schema(example = "CNAME")]
    r#type: &'static str,
    /// What it points to.
    #[schema(example = "shop-8y4qfd.north.example-paas.test")]
    value: String,
}

impl DnsRecordView {
    fn of(domain: &str, target: String) -> Self {
        Self {
            name: domain.to_owned(),
            r#type: "CNAME",
            value: target,
        }
    }
}

/// A domain that is bound to an environment.
#[derive(Serialize, ToSchema)]
#[schema(as = Domain)]
struct DomainView {
    /// The domain.
    #[schema(example = "shop.example.com")]
    domain: String,
    /// Whether a certificate is in use for it, when the platform says.
    has_certificate: Option<bool>,
    /// What its owner has to set, once the environment stands.
    dns_record: Option<DnsRecordView>,
}

/// The domains of an environment, by name.
#[derive(Serialize, ToSchema)]
#[schema(as = DomainList)]
struct DomainListView {
    /// The domains; all of them.
    data: Vec<DomainView>,
}

impl From<BoundDomains> for DomainListView {
    fn from(bound: BoundDomains) -> Self {
        let view = |domain: domain::ports::ObservedDomain| DomainView {
            dns_record: bound
                .target
                .clone()
                .map(|target| DnsRecordView::of(&domain.domain, target)),
            domain: domain.domain,
            has_certificate: domain.has_certificate,
        };
        Self {
            data: bound.domains.into_iter().map(view).collect(),
        }
    }
}

/// List the domains
///
/// Which domains are bound to the environment besides the platform's own, whether a certificate is in use for them,
/// and what their owners have to set in the DNS. Asked of the platform while you wait, at most ten seconds; an answer
/// may be ten seconds old.
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/environments/{environment_id}/domains",
    operation_id = "list_domains", tag = "environments",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("environment_id" = String, Path, description = "The environment."),
    ),
    responses(
        (status = 200, description = "The domains.", body = DomainListView),
        (status = 409, description = "The platform cannot be asked, or does not show it.",
            body = crate::problem::ProblemBody, content_type = "application/problem+json"),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("env.view"))),
)]
async fn list_domains(
    State(state): State<ApiState>,
    caller: Caller,
    path: EnvironmentPath,
    _: QueryOf<NoQuery>,
) -> Result<Json<DomainListView>, Problem> {
    let use_case = &state.use_cases.capacity.list_domains;
    let bound = use_case
        .run(&caller.actor, path.team_id, path.environment_id)
        .await?;
    Ok(Json(bound.into()))
}

/// Where a domain leads.
#[derive(Serialize, ToSchema)]
#[schema(as = DomainCheck)]
struct DomainCheckView {
    /// The domain.
    #[schema(example = "shop.example.com")]
    domain: String,
    /// Whether it leads to the environment: the two have an address in common.
    leads_here: bool,
    /// The public addresses that the domain has; none when it is unknown.
    #[schema(example = json!(["198.51.100.7"]))]
    addresses: Vec<String>,
    /// What its owner has to set, once the environment stands.
    dns_record: Option<DnsRecordView>,
}

/// Check a domain
///
/// Whether the domain leads to the environment, as the DNS says where this service runs. The domain need not be bound
/// yet. Looked up while you wait, at most ten seconds; an answer may be ten seconds old, and what the DNS tells may be
/// older.
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/environments/{environment_id}/domains/{domain}/dns-check",
    operation_id = "check_domain", tag = "environments",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("environment_id" = String, Path, description = "The environment."),
        ("domain" = String, Path, description = "The domain."),
    ),
    responses(
        (status = 200, description = "Where it leads.", body = DomainCheckView),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("env.view"))),
)]
async fn check_domain(
    State(state): State<ApiState>,
    caller: Caller,
    path: EnvironmentPath,
    DomainPath(domain): DomainPath,
    _: QueryOf<NoQuery>,
) -> Result<Json<DomainCheckView>, Problem> {
    let place = (path.team_id, path.environment_id);
    let use_case = &state.use_cases.capacity.check_domain;
    let checked = use_case.run(&caller.actor, place, &domain).await?;
    let addresses = checked.addresses.iter();
    Ok(Json(DomainCheckView {
        leads_here: checked.leads_here,
        addresses: addresses.map(ToString::to_string).collect(),
        dns_record: checked
            .target
            .map(|target| DnsRecordView::of(domain.as_str(), target)),
        domain: domain.to_string(),
    }))
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
