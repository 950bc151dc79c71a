//! What can be installed in an environment: the closed list of add-ons, and packages of blueprints.

use crate::ids::{EnvironmentId, InstallationId, TeamId};
use crate::names::NodeGroup;
use jiff::Timestamp;
use std::fmt;

/// An add-on that may be installed. The list is closed; configuration maps each to a platform's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Addon {
    /// Root access to the nodes.
    RootAccess,
    /// File transfer over SSH.
    Sftp,
    /// Certificates from Let's Encrypt.
    LetsEncrypt,
    /// Backups of the environment.
    Backup,
}

impl Addon {
    /// Every add-on.
    pub const ALL: &'static [Self] = &[
        Self::RootAccess,
        Self::Sftp,
        Self::LetsEncrypt,
        Self::Backup,
    ];

    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RootAccess => "root_access",
            Self::Sftp => "sftp",
            Self::LetsEncrypt => "lets_encrypt",
            Self::Backup => "backup",
        }
    }

    /// Reads the stable text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|addon| addon.as_str() == text)
    }
}

impl fmt::Display for Addon {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What the backup add-on can do. Configuration maps each to the platform's name for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BackupAction {
    /// Makes a backup.
    Create,
    /// Brings back what a backup holds.
    Restore,
}

impl BackupAction {
    /// Every action.
    pub const ALL: [Self; 2] = [Self::Create, Self::Restore];

    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Restore => "restore",
        }
    }

    /// Reads the stable text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == text)
    }
}

/// What mbadmin can act on. The list is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CacheFeature {
    /// The object cache.
    Redis,
    /// The object cache in the memory of PHP.
    Relay,
    /// The cache of compiled PHP.
    Opcache,
}

/// What mbadmin can do with a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CacheVerb {
    /// Turns it on.
    Enable,
    /// Turns it off.
    Disable,
    /// Empties it.
    Flush,
    /// Sets parameters of it.
    Configure,
}

/// An action of the mbadmin package. Configuration maps each to the platform's name for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MbadminAction {
    /// On what.
    pub feature: CacheFeature,
    /// What.
    pub verb: CacheVerb,
}

impl CacheFeature {
    /// Every feature.
    pub const ALL: [Self; 3] = [Self::Redis, Self::Relay, Self::Opcache];

    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Redis => "redis",
            Self::Relay => "relay",
            Self::Opcache => "opcache",
        }
    }
}

impl CacheVerb {
    /// Every verb.
    pub const ALL: [Self; 4] = [Self::Enable, Self::Disable, Self::Flush, Self::Configure];

    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enable => "enable",
            Self::Disable => "disable",
            Self::Flush => "flush",
            Self::Configure => "configure",
        }
    }
}

impl MbadminAction {
    /// Every action.
    pub fn all() -> impl Iterator<Item = Self> {
        CacheFeature::ALL.into_iter().flat_map(|feature| {
            CacheVerb::ALL
                .into_iter()
                .map(move |verb| Self { feature, verb })
        })
    }

    /// Reads the stable text form, `redis.flush`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::all().find(|action| action.to_string() == text)
    }
}

impl fmt::Display for MbadminAction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}.{}",
            self.feature.as_str(),
            self.verb.as_str()
        )
    }
}

/// What an installation is an installation of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Software {
    /// The package of the environment's blueprint.
    Package,
    /// An add-on.
    Addon(Addon),
    /// The package that manages caches.
    Mbadmin,
}

impl Software {
    /// The stable text form.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Package => "package",
            Self::Addon(addon) => addon.as_str(),
            Self::Mbadmin => "mbadmin",
        }
    }

    /// Reads the stable text form.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "package" => Some(Self::Package),
            "mbadmin" => Some(Self::Mbadmin),
            _ => Addon::parse(text).map(Self::Addon),
        }
    }
}

/// The platform's name for one installation. Never shown to a client.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlatformUniqueName(pub String);

/// Something installed in an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// The installation.
    pub id: InstallationId,
    /// The team.
    pub team_id: TeamId,
    /// The environment.
    pub environment_id: EnvironmentId,
    /// What is installed.
    pub software: Software,
    /// The platform's name for it; absent when the platform gave none.
    pub platform_unique_name: Option<PlatformUniqueName>,
    /// The node group it was installed on.
    pub node_group: Option<NodeGroup>,
    /// When.
    pub installed_at: Timestamp,
}
