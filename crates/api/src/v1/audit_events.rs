//! The audit trail of a team.

use super::page_view::PageView;
use crate::cursor::Cursors;
use crate::documents::ReadProblems;
use crate::problem::{Fault, Problem};
use crate::request::{Caller, PageQuery, QueryOf, QueryTexts, ReadQuery, TeamPath};
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use domain::access::Principal;
use domain::audit::{AuditOutcome, AuditRecord};
use domain::ports::AuditFilter;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Longest action or target that is looked for, in bytes; ours are shorter.
const TEXT_LENGTH_MAX: usize = 200;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list_audit_events))
}

/// One line of the trail. It never holds a secret.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditEvent)]
pub(super) struct EventView {
    /// The event.
    #[schema(example = "aud_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    id: String,
    /// Its number in the team's trail, from 1, without a gap.
    sequence: i64,
    /// When it was written.
    #[schema(format = DateTime)]
    at: String,
    /// Who acted: the id of a person or of a token, `operator:` and the id of who runs the service,
    /// `command_line` for who has a shell on the machine, or `system`.
    #[schema(example = "user_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    principal: String,
    /// The browser session or API token that was used.
    credential: Option<String>,
    /// What was done.
    #[schema(example = "job.cancel")]
    action: String,
    /// What it was done to.
    #[schema(example = "job_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    target: String,
    /// `accepted`, `succeeded`, `failed` or `refused`.
    outcome: &'static str,
    /// Why it was refused, or what else is worth a word.
    detail: Option<String>,
    /// The request, when there was one.
    request_id: Option<String>,
    /// The client's address.
    client_address: Option<String>,
    /// What the client called itself.
    user_agent: Option<String>,
}

impl From<AuditRecord> for EventView {
    fn from(record: AuditRecord) -> Self {
        let event = record.event;
        Self {
            id: event.id.to_string(),
            sequence: record.sequence,
            at: record.at.to_string(),
            principal: event.principal.as_text(),
            credential: event.credential,
            action: event.action,
            target: event.target,
            outcome: event.outcome.as_str(),
            detail: event.detail,
            request_id: event.request_id.map(|id| id.to_string()),
            client_address: event.client_address,
            user_agent: event.user_agent,
        }
    }
}

/// A page of audit events, newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditEventList)]
struct EventListView {
    /// The events.
    data: Vec<EventView>,
    /// Where the next page starts.
    page: PageView,
}

/// Which lines, and which page of them.
struct AuditQuery {
    filter: AuditFilter,
    page: PageQuery,
    /// The list that a cursor belongs to: another filter is another list.
    list: String,
}

impl ReadQuery for AuditQuery {
    const NAMES: &'static [&'static str] = &[
        "limit",
        "cursor",
        "action",
        "principal",
        "target",
        "outcome",
        "since",
        "until",
    ];

    fn read(texts: &QueryTexts) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let filter = AuditFilter {
            action: read(texts, &mut faults, "action", WORD_RULE, word),
            principal: read(texts, &mut faults, "principal", PRINCIPAL_RULE, |text| {
                Principal::parse(text).map(|principal| principal.as_text())
            }),
            target: read(texts, &mut faults, "target", WORD_RULE, word),
            outcome: read(
                texts,
                &mut faults,
                "outcome",
                OUTCOME_RULE,
                AuditOutcome::parse,
            ),
            since: read(texts, &mut faults, "since", TIME_RULE, time),
            until: read(texts, &mut faults, "until", TIME_RULE, time),
        };
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        let mut list = "audit-events".to_owned();
        for name in &Self::NAMES[2..] {
            list.push('\n');
            list.push_str(texts.get(name).unwrap_or_default());
        }
        Ok(Self {
            filter,
            page: PageQuery::read(texts)?,
            list,
        })
    }
}

const WORD_RULE: &str = "must be 1 to 200 visible ASCII characters";
const PRINCIPAL_RULE: &str = "must be the `principal` of an event, such as the id of a person";
const OUTCOME_RULE: &str = "must be `accepted`, `succeeded`, `failed` or `refused`";
const TIME_RULE: &str = "must be a time such as 2026-01-02T03:04:05Z";

fn read<Value>(
    texts: &QueryTexts,
    faults: &mut Vec<Fault>,
    name: &str,
    rule: &str,
    parse: impl FnOnce(&str) -> Option<Value>,
) -> Option<Value> {
    let text = texts.get(name)?;
    let value = parse(text);
    if value.is_none() {
        faults.push(Fault::in_query(name, rule));
    }
    value
}

fn word(text: &str) -> Option<String> {
    let is_fit = (1..=TEXT_LENGTH_MAX).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() || byte == b' ');
    is_fit.then(|| text.to_owned())
}

fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// List audit events
///
/// What happened in the team and who did it, newest first: every change, what was refused, what those
/// who run the service did. Filters narrow the list; a cursor belongs to the filters it was made for.
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/audit-events", operation_id = "list_audit_events",
    tag = "audit",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("action" = Option<String>, Query, description = "Only this action.", example = "job.cancel",
            max_length = 200),
        ("principal" = Option<String>, Query, description = "Only what this principal did."),
        ("target" = Option<String>, Query, description = "Only what was done to this.",
            max_length = 200),
        ("outcome" = Option<String>, Query, description = "`accepted`, `succeeded`, `failed` or \
            `refused`."),
        ("since" = Option<String>, Query, description = "Not before this time."),
        ("until" = Option<String>, Query, description = "Before this time."),
        ("limit" = Option<u32>, Query, description = "Items on a page; more than 200 is lowered to \
            200. 50 when absent.", minimum = 1),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses(
        (status = 200, description = "A page of events.", body = EventListView),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("audit.view"))),
)]
async fn list_audit_events(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    QueryOf(query): QueryOf<AuditQuery>,
) -> Result<Json<EventListView>, Problem> {
    let cursors = Cursors {
        hasher: &*state.settings.token_hasher,
        owner: path.team_id,
        list: &query.list,
    };
    let page = query
        .page
        .request(&cursors, |sequence: i64| Some(sequence))?;
    let use_case = &state.use_cases.governance.list_audit_events;
    let found = use_case
        .run(&caller.actor, path.team_id, &query.filter, page)
        .await?;
    let next_cursor = found.next_after.map(|sequence| cursors.write(&sequence));
    Ok(Json(EventListView {
        data: found.items.into_iter().map(EventView::from).collect(),
        page: PageView { next_cursor },
    }))
}
