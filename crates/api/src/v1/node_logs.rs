//! Log files of nodes, read from the platform while the caller waits.

mod stream;

use crate::documents::ReadProblems;
use crate::event_stream::{follow, last_event_id, wants_events};
use crate::problem::{Fault, Problem};
use crate::request::{Caller, EnvironmentPath, NoQuery, NodePath, QueryOf, QueryTexts, ReadQuery};
use crate::state::ApiState;
use application::logs::{LogPiece, LogPlace};
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use domain::names::FilePath;
use domain::ports::LogFile;
use serde::Serialize;
use stream::LogFileFollower;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Characters of a piece unless the caller says otherwise.
const CHARACTERS_DEFAULT: u32 = 10_000;
/// Most characters of a piece; more is lowered to it.
const CHARACTERS_MAX: u32 = 100_000;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list_log_files))
        .routes(routes!(read_log_file))
}

/// A log file of a node.
#[derive(Serialize, ToSchema)]
#[schema(as = LogFile)]
struct LogFileView {
    /// Its absolute path on the node.
    #[schema(example = "/var/log/nginx/error.log")]
    path: String,
    /// Its size in bytes, when the platform says.
    #[schema(example = 4096)]
    size: Option<u64>,
}

impl From<LogFile> for LogFileView {
    fn from(file: LogFile) -> Self {
        Self {
            path: file.path,
            size: file.size,
        }
    }
}

/// The log files of a node, by path.
#[derive(Serialize, ToSchema)]
#[schema(as = LogFileList)]
struct LogFileListView {
    /// The files; all of them.
    data: Vec<LogFileView>,
}

/// A piece of a log file.
#[derive(Serialize, ToSchema)]
#[schema(as = LogFilePiece)]
struct LogPieceView {
    /// How many characters come before it.
    #[schema(example = 0)]
    from: u64,
    /// What the site wrote there; it may hold anything.
    text: String,
    /// Where the next piece begins: what is written later stands there.
    #[schema(example = 1024)]
    next_from: u64,
}

impl From<LogPiece> for LogPieceView {
    fn from(piece: LogPiece) -> Self {
        Self {
            from: piece.from,
            text: piece.text,
            next_from: piece.next_from,
        }
    }
}

/// Which file, and which part of it.
struct LogFileQuery {
    path: FilePath,
    from: Option<u64>,
    count: u32,
}

impl ReadQuery for LogFileQuery {
    const NAMES: &'static [&'static str] = &["path", "from", "tail", "count"];

    fn read(texts: &QueryTexts) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let path = match texts.get("path").map(FilePath::parse) {
            Some(Ok(path)) => Some(path),
            Some(Err(error)) => {
                faults.push(Fault::in_query("path", error.rule()));
                None
            }
            None => {
                faults.push(Fault::in_query("path", "is required"));
                None
            }
        };
        let mut number = |name: &'static str| {
            let text = texts.get(name)?;
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let number: Option<u64> = digits.then(|| text.parse().unwrap_or(u64::MAX));
            if number.is_none_or(|it| it == 0 && name != "from") {
                let least = u8::from(name != "from");
                let rule = format!("must be a whole number of at least {least}");
                faults.push(Fault::in_query(name, rule));
            }
            number
        };
        let (from, tail, count) = (number("from"), number("tail"), number("count"));
        if tail.is_some() && (from.is_some() || count.is_some()) {
            faults.push(Fault::in_query("tail", "cannot go with `from` or `count`"));
        }
        let wanted = tail.or(count).unwrap_or(u64::from(CHARACTERS_DEFAULT));
        let count = u32::try_from(wanted)
            .unwrap_or(u32::MAX)
            .min(CHARACTERS_MAX);
        match path {
            Some(path) if faults.is_empty() => Ok(Self {
                path,
                from: if tail.is_some() {
                    None
                } else {
                    Some(from.unwrap_or(0))
                },
                count,
            }),
            _ => Err(Problem::invalid(faults)),
        }
    }
}

/// List the log files of a node
///
/// Asked of the platform while you wait, at most ten seconds; an answer may be ten seconds old.
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/environments/{environment_id}/nodes/{node_id}/log-files",
    operation_id = "list_log_files", tag = "nodes",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("environment_id" = String, Path, description = "The environment."),
        ("node_id" = String, Path, description = "The node."),
    ),
    responses(
        (status = 200, description = "The log files.", body = LogFileListView),
        (status = 409, description = "The platform cannot be asked, or does not show it.",
            body = crate::problem::ProblemBody, content_type = "application/problem+json"),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("logs.view"))),
)]
async fn list_log_files(
    State(state): State<ApiState>,
    caller: Caller,
    path: EnvironmentPath,
    NodePath(node): NodePath,
    _: QueryOf<NoQuery>,
) -> Result<Json<LogFileListView>, Problem> {
    let use_case = &state.use_cases.logs.list_files;
    let (team, environment) = (path.team_id, path.environment_id);
    let files = use_case.run(&caller.actor, team, environment, node).await?;
    Ok(Json(LogFileListView {
        data: files.into_iter().map(LogFileView::from).collect(),
    }))
}

/// Read a log file of a node
///
/// A piece as JSON, from a place on (`from`, `count`) or the end of the file (`tail`), all in characters; or, with
/// `Accept: text/event-stream`, what is written from there on: `text` events whose id is the place after them, a
/// comment every 15 seconds, and `restarted` when the file was begun anew. Such a stream has no end; a client that lost
/// it sends the last id as `Last-Event-ID`. Asked of the platform while you wait, every two seconds for those who
/// follow, however many they are. Only files of the list can be read.
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/environments/{environment_id}/nodes/{node_id}/log-file",
    operation_id = "read_log_file", tag = "nodes",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("environment_id" = String, Path, description = "The environment."),
        ("node_id" = String, Path, description = "The node."),
        ("path" = String, Query, description = "The path of the file, as the list has it."),
        ("from" = Option<u64>, Query, description = "Characters to leave out at the beginning; 0 when \
            absent.", minimum = 0),
        ("count" = Option<u32>, Query, description = "Most characters; 10000 when absent, more than \
            100000 is lowered to that.", minimum = 1),
        ("tail" = Option<u32>, Query, description = "The last so many characters instead.",
            minimum = 1),
        ("Last-Event-ID" = Option<i64>, Header, description = "Only what comes after this place; wins \
            over `from` and `tail`.", minimum = 0),
    ),
    responses(
        (status = 200, description = "The piece.", content(
            (LogPieceView = "application/json"),
            (String = "text/event-stream", example = "retry: 2000\n\nid: 17\nevent: text\ndata: {\"from\":0,\"text\":\"1 run: started\\n\",\"next_from\":17}\n\n"),
        )),
        (status = 409, description = "The platform cannot be asked, or does not show it.",
            body = crate::problem::ProblemBody, content_type = "application/problem+json"),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("logs.view"))),
)]
async fn read_log_file(
    State(state): State<ApiState>,
    caller: Caller,
    path: EnvironmentPath,
    NodePath(node): NodePath,
    QueryOf(query): QueryOf<LogFileQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let after = last_event_id(&headers)?;
    let place = LogPlace {
        environment_id: path.environment_id,
        node_id: node,
        path: query.path,
        from: after.map(i64::unsigned_abs).or(query.from),
        count: query.count,
    };
    if wants_events(&headers) {
        let team = path.team_id;
        let follower = LogFileFollower { team, place };
        return follow(state.clone(), caller, follower).await;
    }
    let use_case = &state.use_cases.logs.read_file;
    let piece = use_case.run(&caller.actor, path.team_id, &place).await?;
    Ok(Json(LogPieceView::from(piece)).into_response())
}
