//! Turns: what a job must hold so that no two mutations of the same thing overlap.

use crate::ids::{EnvironmentId, TeamId};
use std::fmt;

/// What a turn is about. Turns are taken in the order of this enum, teams first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TurnScope {
    /// The whole team: creations, deletions, installations.
    Team(TeamId),
    /// One environment.
    Environment(EnvironmentId),
}

impl fmt::Display for TurnScope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Team(id) => id.fmt(formatter),
            Self::Environment(id) => id.fmt(formatter),
        }
    }
}

impl TurnScope {
    /// Reads the stable text form.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse()
            .map(Self::Team)
            .or_else(|_| text.parse().map(Self::Environment))
            .ok()
    }
}
