//! Blueprints: what an environment is built from. They come from configuration, never from clients.

use domain::names::BlueprintName;
use domain::ports::{LayerSpec, PackageSpec};
use std::collections::BTreeMap;

/// What an environment is built from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blueprint {
    /// Its name, as clients give it.
    pub name: BlueprintName,
    /// The layers of the topology.
    pub layers: Vec<LayerSpec>,
    /// The package that is installed once the environment runs.
    pub package: Option<PackageSpec>,
}

/// All configured blueprints.
#[derive(Debug, Clone, Default)]
pub struct BlueprintCatalog(BTreeMap<BlueprintName, Blueprint>);

impl BlueprintCatalog {
    /// The blueprint of that name.
    pub fn find(&self, name: &BlueprintName) -> Option<&Blueprint> {
        self.0.get(name)
    }

    /// All of them, by name.
    pub fn all(&self) -> impl Iterator<Item = &Blueprint> {
        self.0.values()
    }

    /// The names, in order, for an error that says what there is.
    pub fn names(&self) -> impl Iterator<Item = &BlueprintName> {
        self.0.keys()
    }
}

impl FromIterator<Blueprint> for BlueprintCatalog {
    fn from_iter<Items: IntoIterator<Item = Blueprint>>(blueprints: Items) -> Self {
        Self(
            blueprints
                .into_iter()
                .map(|blueprint| (blueprint.name.clone(), blueprint))
                .collect(),
        )
    }
}
