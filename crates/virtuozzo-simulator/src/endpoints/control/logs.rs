//! getlogs, getlogslist and readlog: the log files of one node.
//!
//! It must not write them; what is done to a node does.

use serde_json::{Value, json};

use super::SERVICE;
use crate::answer::{Outcome, Refusal, into_map};
use crate::endpoints::node_selection::NodeSelection;
use crate::endpoints::{Call, Endpoint};
use crate::environment_view::platform_date;
use crate::state::{LogFile, Node};

const LOG_FOLDER: &str = "/var/log";

pub(in crate::endpoints) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::reading(SERVICE, "getlogs", "environment.control.GetLogs", get_logs),
    Endpoint::reading(
        SERVICE,
        "getlogslist",
        "environment.control.GetLogsList",
        get_logs_list,
    ),
    Endpoint::reading(SERVICE, "readlog", "environment.control.ReadLog", read_log),
];

fn get_logs(call: &Call) -> Outcome {
    let (path, files) = listed(call)?;
    Ok(into_map(json!({
        "keywords": {"logs": files},
        "directoryPathList": [path],
        "coreRootPath": LOG_FOLDER,
    })))
}

fn get_logs_list(call: &Call) -> Outcome {
    let (path, files) = listed(call)?;
    Ok(into_map(json!({
        "directories": {},
        "groups": {"logs": files},
        "rotatedLogs": {},
        "path": path,
    })))
}

/// The folder that was asked for, and the files under it.
fn listed(call: &Call) -> Result<(String, Vec<Value>), Refusal> {
    let node = node(call)?;
    let path = call.parameters.text("path").unwrap_or(LOG_FOLDER);
    let date = platform_date(call.platform.clock.now_ms());
    let files = node.log.files.iter();
    let under = files.filter(|file| file.path.starts_with(path));
    let members = under.map(|file| {
        json!({"name": file_name(file), "absolutePath": file.path, "length": file.text.len(),
            "isDir": false, "lastModified": date})
    });
    Ok((path.to_owned(), members.collect()))
}

/// `from` and `count` are characters, not lines.
fn read_log(call: &Call) -> Outcome {
    let node = node(call)?;
    let path = call.parameters.required("path")?;
    let from = optional_number(call, "from")?.unwrap_or(0);
    let count = optional_number(call, "count")?.unwrap_or(usize::MAX);
    let platform = &call.platform;
    let file = node.log.file(path).ok_or_else(|| {
        let code = platform.invented(platform.world.invented.file_unknown);
        Refusal::new(code, format!("no such file [{path}]"))
    })?;
    let body: String = file.text.chars().skip(from).take(count).collect();
    Ok(into_map(
        json!({"linescount": body.lines().count(), "body": body}),
    ))
}

fn node(call: &Call) -> Result<Node, Refusal> {
    let name = call.required_environment_name()?;
    let nodes = NodeSelection::required_node(call)?.find(call, &name)?;
    let first = nodes.into_iter().next();
    first.ok_or_else(|| Refusal::invalid_parameter("nodeId"))
}

fn optional_number(call: &Call, name: &str) -> Result<Option<usize>, Refusal> {
    let text = call.parameters.text(name);
    let number = text.map(str::parse).transpose();
    number.map_err(|_| Refusal::invalid_parameter(name))
}

fn file_name(file: &LogFile) -> &str {
    file.path.rsplit('/').next().unwrap_or_default()
}
