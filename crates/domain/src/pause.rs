//! A pause: nothing new is begun on the platform for a team, or for all teams with an account there,
//! until those who run the service end it.

use crate::access::Principal;
use crate::ids::TeamId;
use crate::names::{PauseReason, PlatformName};
use jiff::Timestamp;

/// What is paused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PauseScope {
    /// One team.
    Team(TeamId),
    /// Every team whose account is on the platform.
    Platform(PlatformName),
}

impl PauseScope {
    /// Which sort of scope, in the stable text form.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Team(_) => "team",
            Self::Platform(_) => "platform",
        }
    }

    /// The team's id or the platform's name.
    pub fn id(&self) -> String {
        match self {
            Self::Team(id) => id.to_string(),
            Self::Platform(name) => name.to_string(),
        }
    }

    /// Reads both text forms.
    pub fn parse(kind: &str, id: &str) -> Option<Self> {
        match kind {
            "team" => id.parse().ok().map(Self::Team),
            "platform" => PlatformName::parse(id).ok().map(Self::Platform),
            _ => None,
        }
    }
}

/// The newest pause of a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MutationPause {
    /// What is paused.
    pub scope: PauseScope,
    /// Why; teams read it in the log of their jobs.
    pub reason: PauseReason,
    /// Who paused it.
    pub paused_by: Principal,
    /// Since when.
    pub paused_at: Timestamp,
    /// When it ended; none while it lasts.
    pub ended_at: Option<Timestamp>,
}

/// What pauses mean for the jobs of one team.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TeamPauses {
    /// The pause that lasts; the team's own before its platform's.
    pub lasting: Option<MutationPause>,
    /// When the last one ended.
    pub last_ended_at: Option<Timestamp>,
}

impl TeamPauses {
    /// Sums up the newest pauses of the team and of its platform.
    pub fn of(found: Vec<MutationPause>) -> Self {
        let last_ended_at = found.iter().filter_map(|pause| pause.ended_at).max();
        let lasting = found.into_iter().filter(|pause| pause.ended_at.is_none());
        Self {
            lasting: lasting.min_by_key(|pause| matches!(pause.scope, PauseScope::Platform(_))),
            last_ended_at,
        }
    }
}
