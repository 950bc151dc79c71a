//! The rules, as a pure function from the graph to what is wrong with it.

use super::graph::{CrateGraph, Dependency};
use super::table::{FOR_TESTS, FOUNDATIONS, Foreign, LAYERS, Layer};

#[cfg(test)]
mod tests;

/// Everything that is wrong; each finding names the crate, the edge and the rule.
pub(super) fn findings(graph: &CrateGraph) -> Vec<String> {
    let mut findings = Vec::new();
    for (name, dependencies) in &graph.crates {
        let Some(layer) = LAYERS.iter().find(|layer| layer.name == name) else {
            findings.push(format!(
                "{name}: the crate has no row in the table of layers"
            ));
            continue;
        };
        let broken = dependencies.iter().filter_map(|dependency| {
            let rule = broken_rule(graph, layer, dependency)?;
            Some(format!("{name} -> {}: {rule}", dependency.name))
        });
        findings.extend(broken);
    }
    let missing_rows = LAYERS.iter().filter(|layer| !graph.is_ours(layer.name));
    findings.extend(
        missing_rows.map(|layer| format!("{}: the table names a crate that is gone", layer.name)),
    );
    findings.extend(missing_foundations(graph));
    findings
}

fn broken_rule(graph: &CrateGraph, layer: &Layer, dependency: &Dependency) -> Option<String> {
    if graph.is_ours(&dependency.name) {
        broken_rule_of_ours(layer, dependency)
    } else {
        broken_rule_of_others(layer, dependency)
    }
}

fn broken_rule_of_ours(layer: &Layer, dependency: &Dependency) -> Option<String> {
    let name = dependency.name.as_str();
    let is_allowed = layer.may_use.contains(&name);
    if dependency.is_for_tests {
        let is_for_tests = layer.name != "domain" && FOR_TESTS.contains(&name);
        return (!is_allowed && !is_for_tests)
            .then(|| format!("tests may use {} only", FOR_TESTS.join(", ")));
    }
    if !is_allowed {
        return Some(match layer.may_use {
            [] => "it may use none of our crates".to_owned(),
            allowed => format!("of our crates it may use {} only", allowed.join(", ")),
        });
    }
    if dependency.features.iter().any(|feature| feature == "mocks") {
        return Some("feature `mocks` is for tests only".to_owned());
    }
    let is_linked_demo = name == "virtuozzo-simulator" && !dependency.is_optional;
    is_linked_demo.then(|| "the simulator is left out of images, so it must be optional".to_owned())
}

fn broken_rule_of_others(layer: &Layer, dependency: &Dependency) -> Option<String> {
    if dependency.is_for_tests {
        return None;
    }
    let name = dependency.name.as_str();
    if name == "mockall" && !dependency.is_optional {
        return Some("mocks are for tests: a development or optional dependency only".to_owned());
    }
    match layer.foreign {
        Foreign::Only(allowed) => (!is_listed(allowed, name))
            .then(|| format!("of other packages it may use {} only", allowed.join(", "))),
        Foreign::AllBut(forbidden) => {
            is_listed(forbidden, name).then(|| "it must never know that package".to_owned())
        }
    }
}

fn is_listed(patterns: &[&str], name: &str) -> bool {
    patterns
        .iter()
        .any(|pattern| match pattern.strip_suffix('*') {
            Some(beginning) => name.starts_with(beginning),
            None => *pattern == name,
        })
}

fn missing_foundations(graph: &CrateGraph) -> impl Iterator<Item = String> {
    FOUNDATIONS.iter().flat_map(|(package, crates)| {
        crates
            .iter()
            .filter(|name| {
                let dependencies = graph.crates.get(**name).map_or(&[][..], Vec::as_slice);
                !dependencies
                    .iter()
                    .any(|dependency| dependency.name == *package)
            })
            .map(move |name| format!("{name}: it is built on `{package}`, but does not use it"))
    })
}
