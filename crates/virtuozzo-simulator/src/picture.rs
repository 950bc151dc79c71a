//! What an environment is like, without the identifiers that two equal ones differ in.
//!
//! It must not know how the platform writes it: this is for comparing, and no client sees it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::state::{Environment, Installation, Node, State};

/// An environment, told by what a person would say about it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct EnvironmentPicture {
    pub display_name: Option<String>,
    /// `env.status`.
    pub status: u16,
    pub uid: u64,
    pub groups: Vec<String>,
    pub domains: Vec<String>,
    /// In the order in which they were made.
    pub nodes: Vec<NodePicture>,
    /// Application ids and the layer each is on, sorted.
    pub installations: Vec<(String, Option<String>)>,
}

/// A node of it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct NodePicture {
    pub node_group: String,
    pub node_type: String,
    pub tag: Option<String>,
    pub is_stopped: bool,
    /// Reserved, and the most there may be.
    pub cloudlets: (u64, u64),
    pub variables: BTreeMap<String, String>,
    /// Paths, and the paths they show.
    pub mounts: Vec<(String, String)>,
}

/// Every environment by name.
pub(crate) fn pictures(state: &State) -> BTreeMap<String, EnvironmentPicture> {
    let environments = state.environments.iter();
    environments
        .map(|(name, environment)| (name.clone(), picture(environment, &state.installations)))
        .collect()
}

fn picture(environment: &Environment, installations: &[Installation]) -> EnvironmentPicture {
    let here = installations
        .iter()
        .filter(|it| it.environment.as_deref() == Some(&*environment.name));
    let mut installations: Vec<_> = here
        .map(|it| (it.app_id.clone(), it.node_group.clone()))
        .collect();
    installations.sort();
    EnvironmentPicture {
        display_name: environment.display_name.clone(),
        status: environment.status.number(),
        uid: environment.uid,
        groups: environment.groups.clone(),
        domains: environment
            .external_domains
            .iter()
            .map(|domain| domain.name.clone())
            .collect(),
        nodes: environment.nodes.iter().map(node).collect(),
        installations,
    }
}

fn node(node: &Node) -> NodePicture {
    let mounts = node.mounts.iter();
    NodePicture {
        node_group: node.node_group.clone(),
        node_type: node.node_type.clone(),
        tag: node.tag.clone(),
        is_stopped: node.is_stopped,
        cloudlets: (node.fixed_cloudlets, node.flexible_cloudlets),
        variables: node.variables.clone(),
        mounts: mounts
            .map(|mount| (mount.path.clone(), mount.source_path.clone()))
            .collect(),
    }
}
