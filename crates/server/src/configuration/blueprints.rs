//! `[[blueprints]]`: what can be built.

use super::reading::Settings;
use super::{ConfigurationError, tables};
use application::blueprint::Blueprint;
use domain::names::{BlueprintName, NodeGroup};
use domain::ports::{LayerSpec, PackageSpec};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LayerTable {
    node_group: String,
    stack: String,
    version: Option<String>,
    #[serde(default = "one")]
    count: u16,
    cloudlets_reserved: u16,
    cloudlets_limit: u16,
    disk_limit_gb: Option<u32>,
}

fn one() -> u16 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PackageTable {
    source: String,
    node_group: Option<String>,
    #[serde(default)]
    settings: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BlueprintTable {
    name: String,
    layers: Vec<LayerTable>,
    package: Option<PackageTable>,
}

/// Reads all blueprints; names must be unique.
pub(super) fn read(settings: &Settings) -> Result<Vec<Blueprint>, ConfigurationError> {
    let tables: Vec<BlueprintTable> = tables::read(settings, "blueprints")?;
    let mut blueprints: Vec<Blueprint> = Vec::with_capacity(tables.len());
    for table in tables {
        let blueprint = read_one(&table)?;
        if blueprints.iter().any(|other| other.name == blueprint.name) {
            return Err(ConfigurationError(format!(
                "`blueprints` has two entries named `{}`",
                blueprint.name
            )));
        }
        blueprints.push(blueprint);
    }
    Ok(blueprints)
}

fn read_one(table: &BlueprintTable) -> Result<Blueprint, ConfigurationError> {
    let wrong = |key: &str, rule: &str| {
        ConfigurationError(format!("`blueprints.{}.{key}` {rule}", table.name))
    };
    let node_group =
        |key: &str, text: &str| NodeGroup::parse(text).map_err(|error| wrong(key, error.rule()));
    if table.layers.is_empty() {
        return Err(wrong("layers", "must have at least one layer"));
    }
    let mut layers = Vec::with_capacity(table.layers.len());
    for layer in &table.layers {
        if layer.count == 0 {
            return Err(wrong("layers.count", "must be at least 1"));
        }
        if layer.cloudlets_limit < layer.cloudlets_reserved.max(1) {
            return Err(wrong(
                "layers.cloudlets_limit",
                "must be at least 1 and at least cloudlets_reserved",
            ));
        }
        layers.push(LayerSpec {
            node_group: node_group("layers.node_group", &layer.node_group)?,
            stack: layer.stack.clone(),
            version: layer.version.clone(),
            count: layer.count,
            cloudlets_reserved: layer.cloudlets_reserved,
            cloudlets_limit: layer.cloudlets_limit,
            disk_limit_gb: layer.disk_limit_gb,
        });
    }
    let package = match &table.package {
        None => None,
        Some(package) => Some(PackageSpec {
            source: package.source.clone(),
            node_group: match &package.node_group {
                Some(text) => Some(node_group("package.node_group", text)?),
                None => None,
            },
            settings: package.settings.clone(),
        }),
    };
    let name = BlueprintName::parse(&table.name).map_err(|error| wrong("name", error.rule()))?;
    Ok(Blueprint {
        name,
        layers,
        package,
    })
}
