//! What syncs found that does not fit.

use super::page_view::PageView;
use crate::cursor::Cursors;
use crate::documents::ReadProblems;
use crate::problem::{Fault, Problem};
use crate::request::{Caller, PageQuery, QueryOf, QueryTexts, ReadQuery, TeamPath};
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use domain::finding::{Finding, FindingKind};
use domain::ids::FindingId;
use domain::ports::FindingFilter;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list_findings))
}

/// Something that does not fit what is known.
#[derive(Serialize, ToSchema)]
#[schema(as = Finding)]
pub(super) struct FindingView {
    /// The finding.
    #[schema(example = "find_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    id: String,
    /// `environment_missing`, `environment_replaced`, `environment_drifted`, `environment_leftover`,
    /// `environment_unknown` or `account_changed`.
    #[schema(example = "environment_missing")]
    kind: &'static str,
    /// `open`, or `closed` when a later sync did not see it any more.
    #[schema(example = "open")]
    state: &'static str,
    /// The environment of the team that it is about.
    environment_id: Option<String>,
    /// Where the thing on the platform answers.
    #[schema(example = "blog-x7k2.example.com")]
    address: Option<String>,
    /// What the platform shows it as.
    display_name: Option<String>,
    /// What it means, in a sentence.
    detail: String,
    /// When it was first seen.
    #[schema(format = DateTime)]
    first_seen_at: String,
    /// When a second look saw it too.
    #[schema(format = DateTime)]
    confirmed_at: Option<String>,
    /// When it was not seen any more.
    #[schema(format = DateTime)]
    closed_at: Option<String>,
}

impl From<Finding> for FindingView {
    fn from(finding: Finding) -> Self {
        let is_open = finding.closed_at.is_none();
        Self {
            id: finding.id.to_string(),
            kind: finding.kind.as_str(),
            state: if is_open { OPEN } else { CLOSED },
            environment_id: finding.environment_id.map(|id| id.to_string()),
            address: finding.address,
            display_name: finding.display_name,
            detail: finding.detail,
            first_seen_at: finding.first_seen_at.to_string(),
            confirmed_at: finding.confirmed_at.map(|at| at.to_string()),
            closed_at: finding.closed_at.map(|at| at.to_string()),
        }
    }
}

/// A page of findings, newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = FindingList)]
struct FindingListView {
    /// The findings.
    data: Vec<FindingView>,
    /// Where the next page starts.
    page: PageView,
}

const OPEN: &str = "open";
const CLOSED: &str = "closed";

/// Which findings, and which page of them.
struct FindingQuery {
    filter: FindingFilter,
    page: PageQuery,
    /// The list that a cursor belongs to: another filter is another list.
    list: String,
}

impl ReadQuery for FindingQuery {
    const NAMES: &'static [&'static str] = &["limit", "cursor", "kind", "environment_id", "state"];

    fn read(texts: &QueryTexts) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let mut filter = FindingFilter::default();
        let mut list = "findings".to_owned();
        for name in &Self::NAMES[2..] {
            let text = texts.get(name).unwrap_or_default();
            list.push('\n');
            list.push_str(text);
        }
        if let Some(text) = texts.get("kind") {
            filter.kind = FindingKind::parse(text);
            if filter.kind.is_none() {
                faults.push(Fault::in_query("kind", "must be the `kind` of a finding"));
            }
        }
        if let Some(text) = texts.get("environment_id") {
            filter.environment_id = text.parse().ok();
            if filter.environment_id.is_none() {
                let rule = "must be the id of an environment";
                faults.push(Fault::in_query("environment_id", rule));
            }
        }
        match texts.get("state") {
            None => {}
            Some(OPEN) => filter.is_closed = Some(false),
            Some(CLOSED) => filter.is_closed = Some(true),
            Some(_) => faults.push(Fault::in_query("state", "must be `open` or `closed`")),
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

/// List findings
///
/// What syncs of the team's environments found that does not fit, newest first. Only what two looks at
/// least a minute apart have seen is told. Nothing is adopted, changed or deleted because of a finding.
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/findings", operation_id = "list_findings",
    tag = "environments",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("kind" = Option<String>, Query, description = "Only this kind."),
        ("environment_id" = Option<String>, Query, description = "Only about this environment."),
        ("state" = Option<String>, Query, description = "Only `open` or only `closed` ones."),
        ("limit" = Option<u32>, Query, description = "Items on a page; more than 200 is lowered to \
            200. 50 when absent.", minimum = 1),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses(
        (status = 200, description = "A page of findings.", body = FindingListView),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("env.view"))),
)]
async fn list_findings(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    QueryOf(query): QueryOf<FindingQuery>,
) -> Result<Json<FindingListView>, Problem> {
    let cursors = Cursors {
        hasher: &*state.settings.token_hasher,
        owner: path.team_id,
        list: &query.list,
    };
    let page = query
        .page
        .request(&cursors, |id: String| id.parse::<FindingId>().ok())?;
    let use_case = &state.use_cases.syncs.list_findings;
    let found = use_case
        .run(&caller.actor, path.team_id, &query.filter, page)
        .await?;
    let next_cursor = found.next_after.map(|id| cursors.write(&id.to_string()));
    Ok(Json(FindingListView {
        data: found.items.into_iter().map(FindingView::from).collect(),
        page: PageView { next_cursor },
    }))
}
