//! Running the steps of a manifest as far as a client can see them: `return`, `setGlobals`, `cmd`
//! and the manifest's own actions. Other steps do nothing.
//!
//! It must not change anything: commands are noted, not run.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use serde_yaml_ng as yaml;

use super::{Ending, Placeholders, Step, steps};
use crate::state::Environment;

/// How deep actions may call each other.
const MAX_DEPTH: usize = 16;

/// The steps of one event, and what they may refer to.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    steps: Vec<Step>,
    actions: BTreeMap<String, Vec<Step>>,
    responses: Map<String, Value>,
}

/// What running a script came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct ScriptRun {
    /// Layer (or nothing) and command, in order.
    pub(crate) commands: Vec<String>,
    /// What the last `return` said.
    pub(crate) ending: Option<Ending>,
}

#[derive(Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum ScriptError {
    #[error("node not found by the given parameters: [{0}]")]
    NodeNotFound(String),
    #[error("actions call each other more than {MAX_DEPTH} deep")]
    TooDeep,
}

impl Script {
    /// `manifest` keeps the order of steps, `json` is the same without it.
    pub(super) fn read(manifest: &yaml::Mapping, json: &Value, sections: &[&str]) -> Self {
        let read = |section: &&str| manifest.get(*section).map(steps::read);
        let actions = manifest.get("actions").and_then(yaml::Value::as_mapping);
        let named = actions.into_iter().flatten();
        Self {
            steps: sections.iter().filter_map(read).flatten().collect(),
            actions: named
                .filter_map(|(name, body)| {
                    Some((name.as_str()?.to_ascii_lowercase(), steps::read(body)))
                })
                .collect(),
            responses: json["responses"].as_object().cloned().unwrap_or_default(),
        }
    }

    /// Runs it to its end or to the first `return` that is no success. `placeholders` has what
    /// `setGlobals` set, afterwards.
    pub(crate) fn run(
        &self,
        placeholders: &mut Placeholders,
        environment: Option<&Environment>,
    ) -> Result<ScriptRun, ScriptError> {
        let mut run = ScriptRun::default();
        self.run_steps(&self.steps, placeholders, environment, &mut run, MAX_DEPTH)?;
        Ok(run)
    }

    fn run_steps(
        &self,
        steps: &[Step],
        placeholders: &mut Placeholders,
        environment: Option<&Environment>,
        run: &mut ScriptRun,
        depth_left: usize,
    ) -> Result<(), ScriptError> {
        let depth_left = depth_left.checked_sub(1).ok_or(ScriptError::TooDeep)?;
        for step in steps {
            let argument = placeholders.fill_in(&step.argument);
            match step.name.as_str() {
                "return" => run.ending = Some(Ending::read(argument, &self.responses)),
                "setglobals" => {
                    if let Some(globals) = argument.as_object() {
                        placeholders.set_all("globals", globals);
                    }
                }
                "cmd" | "execcmd" => note_commands(step, &argument, environment, run)?,
                own => {
                    if let Some(body) = self.actions.get(own) {
                        placeholders.set_this(&argument);
                        self.run_steps(body, placeholders, environment, run, depth_left)?;
                    }
                }
            }
            if run.ending.as_ref().is_some_and(|it| !it.is_installed()) {
                break;
            }
        }
        Ok(())
    }
}

fn note_commands(
    step: &Step,
    argument: &Value,
    environment: Option<&Environment>,
    run: &mut ScriptRun,
) -> Result<(), ScriptError> {
    let is_there = |target: &str| {
        environment.is_some_and(|environment| {
            let mut nodes = environment.nodes.iter();
            environment.has_node_group(target)
                || nodes.any(|node| node.node_type == target || node.id.to_string() == target)
        })
    };
    let missing = step
        .targets
        .iter()
        .find(|target| *target != "*" && !is_there(target));
    if let Some(target) = missing {
        return Err(ScriptError::NodeNotFound(target.clone()));
    }
    let commands: Vec<&str> = match argument {
        Value::Array(commands) => commands.iter().filter_map(Value::as_str).collect(),
        command => command.as_str().into_iter().collect(),
    };
    let target = step.targets.join(", ");
    let noted = commands
        .iter()
        .map(|command| format!("{target}: {}", command.trim_end()));
    run.commands.extend(noted);
    Ok(())
}
