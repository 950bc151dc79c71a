//! execcmdbyid and execcmdbygroup: shell lines that really run, in the folder of their node.
//!
//! It must not repeat the lines in answers, logs or the ledger: they may hold secrets.

use std::time::Duration;

use futures::FutureExt;
use serde_json::{Value, json};

use super::{SERVICE, rules};
use crate::answer::{Outcome, Refusal, into_map};
use crate::endpoints::node_selection::NodeSelection;
use crate::endpoints::{Call, Endpoint};
use crate::ledger::Effect;
use crate::operation;
use crate::sandbox::{CommandLimits, Ran};
use crate::state::{Node, State};
use crate::topology::text;

const OPERATION_FAILED: i64 = 1;
const ACCESS_DENIED: i64 = 8;
const COMMAND_FAILED: i64 = 4109;
const NODE_NOT_RUNNING: i64 = 4110;

pub(in crate::endpoints) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::mutating(
        SERVICE,
        "execcmdbyid",
        "environment.control.ExecCmdById",
        |call| execute(call, NodeSelection::required_node).boxed(),
    ),
    Endpoint::mutating(
        SERVICE,
        "execcmdbygroup",
        "environment.control.ExecCmdByGroup",
        |call| execute(call, NodeSelection::required_layer).boxed(),
    ),
];

/// What running all lines on one node came to.
struct NodeResult {
    node_id: u64,
    result: i64,
    /// Of the lines that ended.
    exit_statuses: Vec<i32>,
    out: String,
    error_out: String,
}

async fn execute(call: Call, read: fn(&Call) -> Result<NodeSelection, Refusal>) -> Outcome {
    if !call.platform.world.commands.is_enabled {
        let text = "access not permitted: commands are switched off in this world";
        return Err(Refusal::from_core(ACCESS_DENIED, text));
    }
    let name = call.required_environment_name()?;
    let selection = read(&call)?;
    let lines = lines(&call)?;
    let nodes = selection.find(&call, &name)?;
    let request = rules::COMMAND.request(&name, call.platform.world.timings.command_ms);
    let operation = operation::begin(&call, &request)?;
    let mut results = Vec::new();
    for node in &nodes {
        results.push(run_on(&call, node, &lines).await);
    }
    let mut failures = results.iter().map(|done| done.result);
    let result = failures.find(|result| *result != 0).unwrap_or(0);
    let apply = |state: &mut State| {
        note(state, &name, &results);
        if results.iter().any(|done| !done.exit_statuses.is_empty()) {
            let started_at_ms = operation.started_at_ms;
            let detail = selection.name();
            call.enter(
                Effect::CommandsRun,
                Some(&name),
                Some(&detail),
                started_at_ms,
            );
        }
    };
    operation::finish(&call, &operation, result, apply).await;
    let responses: Vec<Value> = results.iter().map(response).collect();
    match result {
        0 => Ok(into_map(json!({"responses": responses}))),
        code => Err(Refusal::new(code, error_text(code)).with("responses", json!(responses))),
    }
}

/// `command`, a space and `params` are one shell line.
fn lines(call: &Call) -> Result<Vec<String>, Refusal> {
    let invalid = || Refusal::invalid_parameter("commandList");
    let list = call.parameters.required_json("commandList")?;
    let elements = list.as_array().filter(|elements| !elements.is_empty());
    let lines = elements.ok_or_else(invalid)?.iter().map(|element| {
        let command = text(element, "command")?;
        let params = text(element, "params").unwrap_or_default();
        Some(format!("{command} {params}"))
    });
    lines.collect::<Option<_>>().ok_or_else(invalid)
}

/// Runs the lines in order and stops at the first that fails.
async fn run_on(call: &Call, node: &Node, lines: &[String]) -> NodeResult {
    let settings = &call.platform.world.commands;
    let limits = CommandLimits {
        time: Duration::from_millis(settings.time_limit_ms),
        output_max_bytes: settings.output_max_bytes,
    };
    let says_yes = call.parameters.flag("sayYes");
    let mut done = NodeResult {
        node_id: node.id,
        result: if node.is_stopped { NODE_NOT_RUNNING } else { 0 },
        exit_statuses: Vec::new(),
        out: String::new(),
        error_out: String::new(),
    };
    for line in lines {
        if done.result != 0 {
            break;
        }
        let sandbox = &call.platform.sandbox;
        match sandbox.run(node.id, line, says_yes, limits).await {
            Ok(ran) => done.add(call, &ran),
            Err(error) => {
                done.result = OPERATION_FAILED;
                done.error_out.push_str(&error.to_string());
            }
        }
    }
    done
}

impl NodeResult {
    fn add(&mut self, call: &Call, ran: &Ran) {
        self.out.push_str(&ran.out);
        self.error_out.push_str(&ran.error_out);
        self.result = match ran.exit_status {
            Some(0) => 0,
            Some(_) => COMMAND_FAILED,
            None => {
                let invented = &call.platform.world.invented;
                call.platform.invented(invented.command_timed_out)
            }
        };
        self.exit_statuses
            .push(ran.exit_status.unwrap_or(TIMED_OUT));
    }
}

/// As shells report a program that was ended for its time.
const TIMED_OUT: i32 = 124;

fn note(state: &mut State, name: &str, results: &[NodeResult]) {
    let environment = state.environments.get_mut(name);
    for node in environment
        .into_iter()
        .flat_map(|environment| &mut environment.nodes)
    {
        for done in results.iter().filter(|done| done.node_id == node.id) {
            for exit_status in &done.exit_statuses {
                node.log.note_command(*exit_status);
            }
        }
    }
}

fn response(done: &NodeResult) -> Value {
    let mut response = json!({"result": done.result, "nodeid": done.node_id,
        "out": done.out, "errOut": done.error_out});
    if let Some(exit_status) = done.exit_statuses.last() {
        response["exitStatus"] = json!(exit_status);
    }
    if done.result != 0 {
        response["error"] = json!(error_text(done.result));
        response["source"] = json!("JEL");
    }
    response
}

fn error_text(code: i64) -> &'static str {
    if code == NODE_NOT_RUNNING {
        "node is not running"
    } else {
        "Command execution failed"
    }
}
