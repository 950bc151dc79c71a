//! The steps of an event or an action: `onInstall: [setGlobals: {…}, cmd [cp]: …, ownAction]`.
//!
//! It must not know what a step does.

use serde_json::Value;
use serde_yaml_ng as yaml;

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    /// In lower case.
    pub(super) name: String,
    /// What stands in brackets behind the name: layers or node ids.
    pub(super) targets: Vec<String>,
    pub(super) argument: Value,
}

impl Step {
    fn read(name: &str, argument: &yaml::Value) -> Self {
        let (name, targets) = match name.split_once('[') {
            Some((name, rest)) => (name, rest.trim_end().trim_end_matches(']')),
            None => (name, ""),
        };
        let targets = targets.split(',').map(str::trim);
        Self {
            name: name.trim().to_ascii_lowercase(),
            targets: targets
                .filter(|target| !target.is_empty())
                .map(str::to_owned)
                .collect(),
            // A key that is no text has no JSON: such an argument says nothing.
            argument: serde_json::to_value(argument).unwrap_or_default(),
        }
    }
}

/// Reads one step, several steps in a mapping, or a list of either; in the order of the text.
pub(super) fn read(section: &yaml::Value) -> Vec<Step> {
    match section {
        yaml::Value::String(name) => vec![Step::read(name, &yaml::Value::Null)],
        yaml::Value::Sequence(elements) => elements.iter().flat_map(read).collect(),
        yaml::Value::Mapping(steps) => steps
            .iter()
            .filter_map(|(name, argument)| Some(Step::read(name.as_str()?, argument)))
            .collect(),
        _ => Vec::new(),
    }
}
