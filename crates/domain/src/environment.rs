//! The environment: a deployed stack of a team, and the states it goes through.

use crate::ids::{EnvironmentId, JobId, NodeId, PlatformAccountId, TeamId};
use crate::names::{
    BlueprintName, DisplayName, EnvironmentName, NodeGroup, RegionName, ShortDomain,
};
use jiff::Timestamp;

#[cfg(test)]
mod tests;

/// Where an environment is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EnvironmentState {
    /// A job is building it.
    Provisioning,
    /// It serves.
    Running,
    /// It was stopped.
    Stopped,
    /// It sleeps until the next request wakes it.
    Sleeping,
    /// The platform is changing it.
    Changing,
    /// The platform says that it is broken.
    Broken,
    /// A job is deleting it.
    Deleting,
    /// It is gone. Final.
    Deleted,
    /// It could not be built, and nothing of it is left. Final.
    Failed,
}

/// What happens to an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EnvironmentEvent {
    /// The provisioning job ended well.
    Provisioned,
    /// The provisioning job was undone: nothing is left.
    ProvisioningUndone,
    /// The platform was read and says so.
    Observed(ObservedState),
    /// A deletion job took over.
    DeletionBegan,
    /// The deletion job ended well.
    DeletionEnded,
    /// The deletion job deleted nothing; the environment is what it was before.
    DeletionGivenUp(ObservedState),
}

/// The states that the platform can report for an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ObservedState {
    /// It serves.
    Running,
    /// It was stopped.
    Stopped,
    /// It sleeps.
    Sleeping,
    /// It is changing; ask again.
    Changing,
    /// It is broken or suspended.
    Broken,
}

/// An event that the present state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an environment that is {} cannot take the event {event:?}", state.as_str())]
pub struct EnvironmentTransitionError {
    /// The present state.
    pub state: EnvironmentState,
    /// The event.
    pub event: EnvironmentEvent,
}

impl EnvironmentState {
    /// Every state.
    pub const ALL: &'static [Self] = &[
        Self::Provisioning,
        Self::Running,
        Self::Stopped,
        Self::Sleeping,
        Self::Changing,
        Self::Broken,
        Self::Deleting,
        Self::Deleted,
        Self::Failed,
    ];

    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Provisioning => "provisioning",
            Self::Running => "running",
            Self::Stopped => "stopped",
            Self::Sleeping => "sleeping",
            Self::Changing => "changing",
            Self::Broken => "broken",
            Self::Deleting => "deleting",
            Self::Deleted => "deleted",
            Self::Failed => "failed",
        }
    }

    /// Reads the stable text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|state| state.as_str() == text)
    }

    /// Whether nothing can happen to it any more; its name is free again.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Deleted | Self::Failed)
    }

    /// Whether it stands, so that something can be installed in it or done to it.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Running | Self::Stopped | Self::Sleeping)
    }

    /// The state after the event, or why the event is not possible now.
    pub fn after(self, event: EnvironmentEvent) -> Result<Self, EnvironmentTransitionError> {
        use EnvironmentEvent as Event;
        let next = match (self, event) {
            (Self::Provisioning, Event::Provisioned) => Some(Self::Running),
            (Self::Provisioning, Event::ProvisioningUndone) => Some(Self::Failed),
            (
                Self::Running | Self::Stopped | Self::Sleeping | Self::Changing | Self::Broken,
                Event::Observed(observed),
            ) => Some(observed.into()),
            (
                Self::Running | Self::Stopped | Self::Sleeping | Self::Changing | Self::Broken,
                Event::DeletionBegan,
            ) => Some(Self::Deleting),
            (Self::Deleting, Event::DeletionEnded) => Some(Self::Deleted),
            (Self::Deleting, Event::DeletionGivenUp(before)) => Some(before.into()),
            _ => None,
        };
        next.ok_or(EnvironmentTransitionError { state: self, event })
    }
}

impl From<ObservedState> for EnvironmentState {
    fn from(observed: ObservedState) -> Self {
        match observed {
            ObservedState::Running => Self::Running,
            ObservedState::Stopped => Self::Stopped,
            ObservedState::Sleeping => Self::Sleeping,
            ObservedState::Changing => Self::Changing,
            ObservedState::Broken => Self::Broken,
        }
    }
}

/// The platform's key for an environment's incarnation: a new one under the same name has another.
/// Never shown to a client.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PlatformAppId(pub String);

/// The platform's number for a node. It changes when the node is made anew. Never shown to a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlatformNodeId(pub i64);

/// An environment, as we know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// The environment.
    pub id: EnvironmentId,
    /// The team that owns it.
    pub team_id: TeamId,
    /// The platform account it was created through.
    pub platform_account_id: PlatformAccountId,
    /// What the team calls it.
    pub name: EnvironmentName,
    /// What people see.
    pub display_name: DisplayName,
    /// Its name on the platform.
    pub short_domain: ShortDomain,
    /// Where it runs; the platform's default when absent.
    pub region: Option<RegionName>,
    /// What it was built from.
    pub blueprint: BlueprintName,
    /// Where it is in its life.
    pub state: EnvironmentState,
    /// The job that left an open question about it: until a person has looked, nothing changes it.
    pub held_by: Option<JobId>,
    /// The platform's key for this incarnation, once known.
    pub platform_appid: Option<PlatformAppId>,
    /// Where the site answers, once known.
    pub site_url: Option<String>,
    /// When the platform was last read.
    pub synced_at: Option<Timestamp>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Counts changes of the row.
    pub version: i64,
}

impl Environment {
    /// The host at which the site answers, once known.
    pub fn site_host(&self) -> Option<&str> {
        let (_, rest) = self.site_url.as_deref()?.split_once("://")?;
        let host = rest.split(['/', ':']).next()?;
        (!host.is_empty()).then_some(host)
    }
}

/// One node of an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The node.
    pub id: NodeId,
    /// The platform's number for it. Never shown to a client.
    pub platform_node_id: PlatformNodeId,
    /// The layer it belongs to.
    pub node_group: NodeGroup,
    /// The stack it runs, in the platform's words (`nginxphp-dockerized`).
    pub stack: String,
    /// Whether it is the master of its layer.
    pub is_master: bool,
    /// Its state.
    pub state: ObservedState,
}

impl ObservedState {
    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        EnvironmentState::from(self).as_str()
    }

    /// Reads the stable text form.
    pub fn parse(text: &str) -> Option<Self> {
        [
            Self::Running,
            Self::Stopped,
            Self::Sleeping,
            Self::Changing,
            Self::Broken,
        ]
        .into_iter()
        .find(|state| state.as_str() == text)
    }
}
