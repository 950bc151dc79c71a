//! Our crates and what each declares to depend on, as far as the rules need it.

use cargo_metadata::{DependencyKind, Metadata};
use std::collections::BTreeMap;

/// One declared dependency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dependency {
    /// The package's own name, whatever it is renamed to.
    pub(super) name: String,
    /// Only tests see it.
    pub(super) is_for_tests: bool,
    /// Only there when a feature asks for it.
    pub(super) is_optional: bool,
    /// The features that are asked for.
    pub(super) features: Vec<String>,
}

/// The dependencies of each of our crates, by name.
#[derive(Debug, Clone, Default)]
pub(super) struct CrateGraph {
    pub(super) crates: BTreeMap<String, Vec<Dependency>>,
}

impl CrateGraph {
    pub(super) fn of_workspace(metadata: &Metadata) -> Self {
        let crates = metadata.workspace_packages().into_iter().map(|package| {
            let dependencies = package.dependencies.iter().map(|dependency| Dependency {
                name: dependency.name.clone(),
                is_for_tests: dependency.kind == DependencyKind::Development,
                is_optional: dependency.optional,
                features: dependency.features.clone(),
            });
            (package.name.to_string(), dependencies.collect())
        });
        Self {
            crates: crates.collect(),
        }
    }

    /// Whether that is one of our crates.
    pub(super) fn is_ours(&self, name: &str) -> bool {
        self.crates.contains_key(name)
    }
}
