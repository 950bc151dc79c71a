//! `environment/control`: layers, nodes and their sizes.

use super::Call;
use crate::endpoint::Endpoint;
use crate::form::Form;
use domain::environment::PlatformNodeId;
use domain::ids::StepAttemptId;
use domain::names::ShortDomain;
use domain::ports::{Cloudlets, LayerSpec};
use serde::Serialize;

/// A layer, as creations and changes want it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NodeParameter<'a> {
    node_type: &'a str,
    node_group: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<&'a str>,
    count: u16,
    fixed_cloudlets: u16,
    flexible_cloudlets: u16,
    /// In GB here, in MB in answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    disk_limit: Option<u32>,
}

impl<'a> From<&'a LayerSpec> for NodeParameter<'a> {
    fn from(layer: &'a LayerSpec) -> Self {
        Self {
            node_type: &layer.stack,
            node_group: layer.node_group.as_str(),
            tag: layer.version.as_deref(),
            count: layer.count,
            fixed_cloudlets: layer.cloudlets_reserved,
            flexible_cloudlets: layer.cloudlets_limit,
            disk_limit: layer.disk_limit_gb,
        }
    }
}

/// What a change of layers must not change, as it was read just before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct KeptSettings {
    /// Where the environment is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) region: Option<String>,
    /// Whether it uses the platform's own certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sslstate: Option<bool>,
}

/// Reads the layers of an environment; 11 when the account has none of that name.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Control-method-GetNodeGroups>
/// (confirmed; `object` is a list). A read; answers at once.
pub(crate) fn layers(short_domain: &ShortDomain) -> Call {
    Call::new(
        Endpoint::GetNodeGroups,
        Form::default().with("envName", short_domain.as_str()),
    )
}

/// Sets the size of one node. `nodeid` is lower case here; `count` is the number of nodes, and a node
/// is one.
///
/// Documentation:
/// <https://docs.jelastic.com/api/#!/api/environment.Control-method-SetCloudletsCountById>
/// (confirmed). Idempotent; answers after seconds.
pub(crate) fn set_cloudlets(
    short_domain: &ShortDomain,
    node: PlatformNodeId,
    cloudlets: Cloudlets,
) -> Call {
    let form = Form::default()
        .with("envName", short_domain.as_str())
        .with_number("nodeid", node.0)
        .with_number("count", 1)
        .with_number("fixedCloudlets", i64::from(cloudlets.reserved))
        .with_number("flexibleCloudlets", i64::from(cloudlets.limit));
    Call::new(Endpoint::SetCloudletsCountById, form)
}

/// Gives an environment exactly these layers: one that is left out is removed with its data. `env` says
/// what stays, as official add-ons do.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Control-method-ChangeTopology>
/// (confirmed). A repetition changes nothing more \[inferred\]. Answers after minutes, in two envelopes;
/// a failure may echo every variable of a container, so nothing of it but codes and texts is read.
pub(crate) fn change_topology(
    short_domain: &ShortDomain,
    kept: &KeptSettings,
    layers: &[LayerSpec],
    attempt: StepAttemptId,
) -> Call {
    let nodes: Vec<NodeParameter<'_>> = layers.iter().map(NodeParameter::from).collect();
    let form = Form::default()
        .with("envName", short_domain.as_str())
        .with_json("env", kept)
        .with_json("nodes", &nodes)
        .with("actionkey", attempt.to_string());
    Call::new(Endpoint::ChangeTopology, form)
}
