//! Reading and listing files of a node: its logs, and what commands left in its folder.
//!
//! It must not leave the folder of the node.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::answer::{Outcome, Refusal, into_map};
use crate::endpoints::Call;
use crate::endpoints::node_selection::NodeSelection;
use crate::environment_view::platform_date;
use crate::state::Node;

pub(super) fn read(call: &Call) -> Outcome {
    let path = call.parameters.required("path")?;
    let node = first_node(call)?;
    let logged = node.log.file(path).map(|file| file.text.clone());
    let body = logged.or_else(|| {
        let on_disk = call.platform.sandbox.path_on_node(node.id, path)?;
        let bytes = fs::read(on_disk).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    });
    let body = body.ok_or_else(|| unknown(call, path))?;
    Ok(into_map(json!({"body": body})))
}

/// The elements of one folder, by name.
pub(super) fn list(call: &Call) -> Outcome {
    let path = call.parameters.text("path").unwrap_or("/");
    let node = first_node(call)?;
    let date = platform_date(call.platform.clock.now_ms());
    let member = |name: &str, length: u64, is_folder: bool| {
        let parent = path.trim_end_matches('/');
        json!({"name": name, "absolutePath": format!("{parent}/{name}"), "length": length,
            "isDir": is_folder, "lastModified": date})
    };
    let mut members: Vec<Value> = Vec::new();
    for file in &node.log.files {
        let (folder, name) = file.path.rsplit_once('/').unwrap_or_default();
        if folder == path.trim_end_matches('/') {
            members.push(member(name, file.text.len() as u64, false));
        }
    }
    let on_disk = call.platform.sandbox.path_on_node(node.id, path);
    let on_disk = on_disk.filter(|folder| folder.is_dir());
    if members.is_empty() && on_disk.is_none() {
        return Err(unknown(call, path));
    }
    members.extend(entries(on_disk.as_deref(), member));
    members.sort_by_key(|member| member["name"].to_string());
    Ok(into_map(json!({
        "keywords": {"files": members},
        "directoryPathList": [path],
        "coreRootPath": "/",
    })))
}

fn entries(folder: Option<&Path>, member: impl Fn(&str, u64, bool) -> Value) -> Vec<Value> {
    let entries = folder.and_then(|folder| fs::read_dir(folder).ok());
    let entries = entries.into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let about = entry.metadata().ok()?;
            let name = entry.file_name().into_string().ok()?;
            Some(member(&name, about.len(), about.is_dir()))
        })
        .collect()
}

fn first_node(call: &Call) -> Result<Node, Refusal> {
    let name = call.required_environment_name()?;
    let nodes = NodeSelection::read(call)?.find(call, &name)?;
    let first = nodes.into_iter().next();
    first.ok_or_else(|| Refusal::invalid_parameter("nodeGroup"))
}

fn unknown(call: &Call, path: &str) -> Refusal {
    let platform = &call.platform;
    let code = platform.invented(platform.world.invented.file_unknown);
    Refusal::new(code, format!("no such file [{path}]"))
}
