//! Commands on nodes, and scripts that are stored on the platform.

use super::Call;
use crate::endpoint::Endpoint;
use crate::form::Form;
use crate::guarded_command::ShellLine;
use domain::environment::PlatformNodeId;
use domain::names::ShortDomain;
use serde::Serialize;

/// Runs one shell line on one node. Never the sibling that runs on a whole layer: all nodes of a layer
/// work on one database.
///
/// Documentation:
/// <https://docs.jelastic.com/api/#!/api/environment.Control-method-ExecCmdById> (confirmed). Not
/// idempotent; the guard in the line makes it so. Answers when the command has ended, with what it
/// printed in `responses`; 4109 when it exits with another status than 0, which our lines never do.
/// How much it may print is not documented.
pub(crate) fn run_on_node(
    short_domain: &ShortDomain,
    node: PlatformNodeId,
    line: &ShellLine,
) -> Call {
    let form = Form::default()
        .with("envName", short_domain.as_str())
        .with("nodeId", node.0.to_string())
        .with_json("commandList", &[line]);
    Call::new(Endpoint::ExecCmdById, form)
}

#[derive(Serialize)]
struct ScriptParameters<'a> {
    #[serde(rename = "envName")]
    env_name: &'a str,
}

/// Runs a script that is stored on the platform, and tells it the environment.
///
/// Documentation:
/// <https://docs.jelastic.com/api/#!/api/development.Scripting-method-Eval> (confirmed; that scripts
/// take `envName` is \[inferred\] from those that vendors publish). Not idempotent. Answers when the
/// script has ended, in two envelopes; 1702 when there is no such script.
pub(crate) fn run_stored_script(short_domain: &ShortDomain, script: &str) -> Call {
    let parameters = ScriptParameters {
        env_name: short_domain.as_str(),
    };
    let form = Form::default()
        .with("appid", "ext")
        .with("script", script)
        .with_json("params", &parameters);
    Call::new(Endpoint::ScriptingEval, form)
}
