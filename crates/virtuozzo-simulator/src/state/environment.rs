//! An environment with its layers and nodes.
//!
//! It must not know how it is written on the wire.

use std::collections::BTreeMap;

use super::node_log::NodeLog;

/// `env.status`: numbers on the wire, constants in error texts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum EnvironmentStatus {
    Running = 1,
    Down = 2,
    Launching = 3,
    Sleep = 4,
    Unknown = 5,
    Creating = 6,
    Cloning = 7,
    NotExists = 8,
    Exporting = 9,
    Migrating = 10,
    Broken = 11,
    Updating = 12,
    Stopping = 13,
    GoingToSleep = 14,
    Restoring = 15,
}

impl EnvironmentStatus {
    const ALL: [Self; 15] = [
        Self::Running,
        Self::Down,
        Self::Launching,
        Self::Sleep,
        Self::Unknown,
        Self::Creating,
        Self::Cloning,
        Self::NotExists,
        Self::Exporting,
        Self::Migrating,
        Self::Broken,
        Self::Updating,
        Self::Stopping,
        Self::GoingToSleep,
        Self::Restoring,
    ];

    /// Statuses in which an environment rests.
    pub(crate) const AT_REST: [Self; 5] = [
        Self::Running,
        Self::Down,
        Self::Sleep,
        Self::Unknown,
        Self::Broken,
    ];

    pub(crate) fn number(self) -> u16 {
        self as u16
    }

    pub(crate) fn from_number(number: u16) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|status| status.number() == number)
    }

    pub(crate) fn constant(self) -> &'static str {
        match self {
            Self::Running => "ENV_STATUS_TYPE_RUNNING",
            Self::Down => "ENV_STATUS_TYPE_DOWN",
            Self::Launching => "ENV_STATUS_TYPE_LAUNCHING",
            Self::Sleep => "ENV_STATUS_TYPE_SLEEP",
            Self::Unknown => "ENV_STATUS_TYPE_UNKNOWN",
            Self::Creating => "ENV_STATUS_TYPE_CREATING",
            Self::Cloning => "ENV_STATUS_TYPE_CLONING",
            Self::NotExists => "ENV_STATUS_TYPE_NOT_EXISTS",
            Self::Exporting => "ENV_STATUS_TYPE_EXPORTING",
            Self::Migrating => "ENV_STATUS_TYPE_MIGRATING",
            Self::Broken => "ENV_STATUS_TYPE_BROKEN",
            Self::Updating => "ENV_STATUS_TYPE_UPDATING",
            Self::Stopping => "ENV_STATUS_TYPE_STOPPING",
            Self::GoingToSleep => "ENV_STATUS_TYPE_GOING_TO_SLEEP",
            Self::Restoring => "ENV_STATUS_TYPE_RESTORING",
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Environment {
    pub(crate) name: String,
    pub(crate) display_name: Option<String>,
    pub(crate) domain: String,
    pub(crate) appid: String,
    pub(crate) uid: u64,
    pub(crate) status: EnvironmentStatus,
    pub(crate) created_at_ms: u64,
    pub(crate) hard_node_group: String,
    pub(crate) hard_node_group_display_name: String,
    pub(crate) has_ssl: bool,
    pub(crate) has_high_availability: bool,
    pub(crate) groups: Vec<String>,
    pub(crate) node_groups: Vec<NodeGroup>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) external_domains: Vec<ExternalDomain>,
    /// Whether a mutating call is at work on it.
    pub(crate) is_busy: bool,
}

impl Environment {
    pub(crate) fn has_node_group(&self, name: &str) -> bool {
        self.node_groups.iter().any(|group| group.name == name)
    }
}

/// A domain of the client's own that leads to the environment.
#[derive(Clone, Debug)]
pub(crate) struct ExternalDomain {
    pub(crate) id: u64,
    pub(crate) name: String,
}

#[derive(Clone, Debug)]
pub(crate) struct NodeGroup {
    pub(crate) name: String,
    pub(crate) display_name: Option<String>,
    pub(crate) scaling_mode: String,
    pub(crate) restart_delay_s: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) id: u64,
    pub(crate) container_id: u64,
    pub(crate) node_group: String,
    pub(crate) node_type: String,
    pub(crate) is_master: bool,
    pub(crate) internal_address: String,
    pub(crate) external_addresses: Vec<String>,
    pub(crate) fixed_cloudlets: u64,
    pub(crate) flexible_cloudlets: u64,
    pub(crate) disk_limit_mb: u64,
    pub(crate) tag: Option<String>,
    pub(crate) docker_image: Option<String>,
    /// Told once, in the answer of the creation.
    pub(crate) password: String,
    /// Down although its environment runs.
    pub(crate) is_stopped: bool,
    /// Container variables.
    pub(crate) variables: BTreeMap<String, String>,
    pub(crate) mounts: Vec<Mount>,
    pub(crate) log: NodeLog,
}

/// A folder of elsewhere that a node sees under a path of its own.
#[derive(Clone, Debug)]
pub(crate) struct Mount {
    pub(crate) path: String,
    pub(crate) source_path: String,
    /// A node of this platform; absent for a host outside.
    pub(crate) source_node: Option<u64>,
    pub(crate) source_host: Option<String>,
    pub(crate) source_address_type: String,
    pub(crate) protocol: String,
    /// The last folder of `path` unless the client says otherwise.
    pub(crate) name: String,
    pub(crate) is_read_only: bool,
}
