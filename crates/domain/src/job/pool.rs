//! Who leaves something to whom when there is not enough for all.

use super::JobKind;

/// Which places of a worker, and which rooms of a team and a platform, a kind may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobPool {
    /// Somebody is looking at the screen: any of them.
    Interactive,
    /// Takes minutes, or nobody waits for it: not all of them, so that some are left.
    Background,
}

impl JobPool {
    /// How documents call it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Interactive => "interactive",
            Self::Background => "background",
        }
    }

    /// How many of so many the pool may take: of four or more, the background leaves a quarter.
    pub fn share_of(self, all: u32) -> u32 {
        match self {
            Self::Interactive => all,
            Self::Background => all - all / 4,
        }
    }
}

impl JobKind {
    /// Its pool.
    pub fn pool(self) -> JobPool {
        match self {
            Self::EnvironmentProvision
            | Self::EnvironmentClone
            | Self::EnvironmentDelete
            | Self::EnvironmentRedeploy
            | Self::TopologyChange
            | Self::AddonInstall
            | Self::AddonUninstall
            | Self::MbadminInstall
            | Self::BackupCreate
            | Self::BackupRestore
            | Self::SearchReplaceCount
            | Self::SearchReplaceRun
            | Self::ScriptRun
            | Self::TeamSync => JobPool::Background,
            Self::EnvironmentStart
            | Self::EnvironmentStop
            | Self::EnvironmentSleep
            | Self::EnvironmentRestart
            | Self::DisplayNameSet
            | Self::CloudletsSet
            | Self::GroupAttach
            | Self::GroupDetach
            | Self::GroupSet
            | Self::MountAdd
            | Self::MountRemove
            | Self::DomainBind
            | Self::DomainUnbind
            | Self::VariablesAdd
            | Self::VariablesReplace
            | Self::VariablesRemove
            | Self::MbadminRun
            | Self::PasswordReset => JobPool::Interactive,
        }
    }
}
