//! What jobs need to know that change what an environment is.

use super::{DecodeError, StoredLayer, readable};
use domain::environment::{Environment, ObservedState, PlatformAppId, PlatformNodeId};
use domain::ids::EnvironmentId;
use domain::names::{
    DisplayName, ExternalDomain, FolderPath, GroupName, MountName, NodeGroup, ShortDomain,
    StackVersion,
};
use domain::ports::{Cloudlets, LayerSpec, MountPointSpec, NodeTarget, RedeploySpec};
use domain::software::PlatformUniqueName;
use serde::{Deserialize, Serialize};

/// A node or a layer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StoredTarget {
    Node(i64),
    Layer(String),
}

impl StoredTarget {
    pub(crate) fn of(target: &NodeTarget) -> Self {
        match target {
            NodeTarget::Node(node) => Self::Node(node.0),
            NodeTarget::Layer(layer) => Self::Layer(layer.to_string()),
        }
    }

    pub(crate) fn target(&self) -> Result<NodeTarget, DecodeError> {
        Ok(match self {
            Self::Node(node) => NodeTarget::Node(PlatformNodeId(*node)),
            Self::Layer(layer) => NodeTarget::Layer(readable(NodeGroup::parse(layer))?),
        })
    }
}

/// Which incarnation to delete, and what the environment was before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DeletePayload {
    appid: String,
    state_before: String,
    /// Which installation makes a backup before. None was asked for when absent; since version 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    backup: Option<String>,
}

impl DeletePayload {
    pub(crate) fn new(
        environment: &Environment,
        appid: &PlatformAppId,
        backup: Option<PlatformUniqueName>,
    ) -> Self {
        Self {
            appid: appid.0.clone(),
            state_before: environment.state.as_str().to_owned(),
            backup: backup.map(|installation| installation.0),
        }
    }

    /// The installation that makes a backup before.
    pub(crate) fn backup(&self) -> Option<PlatformUniqueName> {
        self.backup.clone().map(PlatformUniqueName)
    }

    pub(crate) fn appid(&self) -> PlatformAppId {
        PlatformAppId(self.appid.clone())
    }

    pub(crate) fn state_before(&self) -> Result<ObservedState, DecodeError> {
        readable(ObservedState::parse(&self.state_before).ok_or(()))
    }
}

/// What to copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ClonePayload {
    source: String,
    source_appid: String,
    /// Absent in jobs of older versions.
    #[serde(default)]
    source_id: Option<String>,
}

impl ClonePayload {
    pub(crate) fn new(source: &Environment, appid: &PlatformAppId) -> Self {
        Self {
            source: source.short_domain.to_string(),
            source_appid: appid.0.clone(),
            source_id: Some(source.id.to_string()),
        }
    }

    /// The environment to copy, as we know it.
    pub(crate) fn source_id(&self) -> Option<EnvironmentId> {
        self.source_id.as_deref().and_then(|id| id.parse().ok())
    }

    pub(crate) fn source(&self) -> Result<ShortDomain, DecodeError> {
        readable(ShortDomain::parse(&self.source))
    }

    pub(crate) fn source_appid(&self) -> PlatformAppId {
        PlatformAppId(self.source_appid.clone())
    }
}

/// What to restart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RestartPayload {
    pub(crate) targets: Vec<StoredTarget>,
    pub(crate) is_of_containers: bool,
}

/// What to redeploy, and with what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RedeployPayload {
    pub(crate) target: StoredTarget,
    version: String,
    keeps_volumes: bool,
}

impl RedeployPayload {
    pub(crate) fn new(target: &NodeTarget, spec: &RedeploySpec) -> Self {
        Self {
            target: StoredTarget::of(target),
            version: spec.version.to_string(),
            keeps_volumes: spec.keeps_volumes,
        }
    }

    pub(crate) fn spec(&self) -> Result<RedeploySpec, DecodeError> {
        Ok(RedeploySpec {
            version: readable(StackVersion::parse(&self.version))?,
            keeps_volumes: self.keeps_volumes,
        })
    }
}

/// The layers to have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TopologyPayload {
    layers: Vec<StoredLayer>,
}

impl TopologyPayload {
    pub(crate) fn new(layers: &[LayerSpec]) -> Self {
        Self {
            layers: layers.iter().map(StoredLayer::of).collect(),
        }
    }

    pub(crate) fn layers(&self) -> Result<Vec<LayerSpec>, DecodeError> {
        self.layers.iter().map(StoredLayer::spec).collect()
    }
}

/// What people shall see as the name of an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DisplayNamePayload {
    display_name: String,
}

impl DisplayNamePayload {
    pub(crate) fn new(display_name: &DisplayName) -> Self {
        Self {
            display_name: display_name.to_string(),
        }
    }

    pub(crate) fn display_name(&self) -> Result<DisplayName, DecodeError> {
        readable(DisplayName::parse(&self.display_name))
    }
}

/// The size of one node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CloudletsPayload {
    node: i64,
    reserved: u16,
    limit: u16,
}

impl CloudletsPayload {
    pub(crate) fn new(node: PlatformNodeId, cloudlets: Cloudlets) -> Self {
        Self {
            node: node.0,
            reserved: cloudlets.reserved,
            limit: cloudlets.limit,
        }
    }

    pub(crate) fn node(&self) -> PlatformNodeId {
        PlatformNodeId(self.node)
    }

    pub(crate) fn cloudlets(&self) -> Cloudlets {
        Cloudlets {
            reserved: self.reserved,
            limit: self.limit,
        }
    }
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GroupPayload {
    group: String,
}

impl GroupPayload {
    pub(crate) fn new(group: &GroupName) -> Self {
        Self {
            group: group.to_string(),
        }
    }

    pub(crate) fn group(&self) -> Result<GroupName, DecodeError> {
        readable(GroupName::parse(&self.group))
    }
}

/// A domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DomainPayload {
    domain: String,
}

impl DomainPayload {
    pub(crate) fn new(domain: &ExternalDomain) -> Self {
        Self {
            domain: domain.to_string(),
        }
    }

    pub(crate) fn domain(&self) -> Result<ExternalDomain, DecodeError> {
        readable(ExternalDomain::parse(&self.domain))
    }
}

/// A path of a node, and what shall appear there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MountPayload {
    node: i64,
    path: String,
    source: Option<StoredMountSource>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredMountSource {
    node: i64,
    path: String,
    name: Option<String>,
    is_read_only: bool,
}

impl MountPayload {
    pub(crate) fn adding(node: PlatformNodeId, spec: &MountPointSpec) -> Self {
        Self {
            node: node.0,
            path: spec.path.to_string(),
            source: Some(StoredMountSource {
                node: spec.source_node.0,
                path: spec.source_path.to_string(),
                name: spec.name.as_ref().map(ToString::to_string),
                is_read_only: spec.is_read_only,
            }),
        }
    }

    pub(crate) fn removing(node: PlatformNodeId, path: &FolderPath) -> Self {
        Self {
            node: node.0,
            path: path.to_string(),
            source: None,
        }
    }

    pub(crate) fn node(&self) -> PlatformNodeId {
        PlatformNodeId(self.node)
    }

    pub(crate) fn path(&self) -> Result<FolderPath, DecodeError> {
        readable(FolderPath::parse(&self.path))
    }

    pub(crate) fn mount_point(&self) -> Result<Option<MountPointSpec>, DecodeError> {
        let Some(source) = &self.source else {
            return Ok(None);
        };
        let name = source.name.as_deref().map(MountName::parse);
        Ok(Some(MountPointSpec {
            path: self.path()?,
            source_node: PlatformNodeId(source.node),
            source_path: readable(FolderPath::parse(&source.path))?,
            name: name.map(readable).transpose()?,
            is_read_only: source.is_read_only,
        }))
    }
}
