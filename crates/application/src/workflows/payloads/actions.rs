//! What jobs need to know that act inside an environment: variables, passwords, software, commands.

use super::{DecodeError, SealedBytes, SealedVariables, StoredPackage, parse_addon, readable};
use domain::environment::PlatformNodeId;
use domain::names::{ParameterName, ScriptName, SnapshotName, VariableName};
use domain::ports::PackageSpec;
use domain::software::{Addon, MbadminAction, PlatformUniqueName};
use domain::wordpress::{ArgumentText, SearchReplace};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Variables to set on a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SetVariablesPayload {
    pub(crate) node: i64,
    pub(crate) sealed: SealedVariables,
}

/// Variables to remove from a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RemoveVariablesPayload {
    node: i64,
    names: BTreeSet<String>,
}

impl RemoveVariablesPayload {
    pub(crate) fn new(node: PlatformNodeId, names: &BTreeSet<VariableName>) -> Self {
        Self {
            node: node.0,
            names: names.iter().map(ToString::to_string).collect(),
        }
    }

    pub(crate) fn node(&self) -> PlatformNodeId {
        PlatformNodeId(self.node)
    }

    pub(crate) fn names(&self) -> Result<BTreeSet<VariableName>, DecodeError> {
        let names = self.names.iter();
        names
            .map(|name| readable(VariableName::parse(name)))
            .collect()
    }
}

/// Whose password it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordOf {
    /// The main user of the node's software.
    MainUser,
    /// The root user of the container.
    Root,
}

/// The password of a node, sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PasswordPayload {
    pub(crate) node: i64,
    pub(crate) of: PasswordOf,
    pub(crate) sealed: SealedBytes,
}

/// What to uninstall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UninstallPayload {
    addon: String,
    unique_name: String,
}

impl UninstallPayload {
    pub(crate) fn new(addon: Addon, unique_name: &PlatformUniqueName) -> Self {
        Self {
            addon: addon.to_string(),
            unique_name: unique_name.0.clone(),
        }
    }

    pub(crate) fn addon(&self) -> Result<Addon, DecodeError> {
        parse_addon(&self.addon)
    }

    pub(crate) fn unique_name(&self) -> PlatformUniqueName {
        PlatformUniqueName(self.unique_name.clone())
    }
}

/// The mbadmin package, as configuration had it when the job was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MbadminPackagePayload(StoredPackage);

impl MbadminPackagePayload {
    pub(crate) fn new(package: &PackageSpec) -> Self {
        Self(StoredPackage::of(package))
    }

    pub(crate) fn package(&self) -> Result<PackageSpec, DecodeError> {
        self.0.spec()
    }
}

/// An action of mbadmin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MbadminActionPayload {
    installation: String,
    action: String,
    parameters: Vec<(String, String)>,
}

impl MbadminActionPayload {
    pub(crate) fn new(
        installation: &PlatformUniqueName,
        action: MbadminAction,
        parameters: &[(ParameterName, String)],
    ) -> Self {
        Self {
            installation: installation.0.clone(),
            action: action.to_string(),
            parameters: parameters
                .iter()
                .map(|(name, value)| (name.to_string(), value.clone()))
                .collect(),
        }
    }

    pub(crate) fn installation(&self) -> PlatformUniqueName {
        PlatformUniqueName(self.installation.clone())
    }

    pub(crate) fn action(&self) -> Result<MbadminAction, DecodeError> {
        readable(MbadminAction::parse(&self.action).ok_or(()))
    }

    pub(crate) fn parameters(&self) -> Result<Vec<(ParameterName, String)>, DecodeError> {
        let parameters = self.parameters.iter();
        parameters
            .map(|(name, value)| Ok((readable(ParameterName::parse(name))?, value.clone())))
            .collect()
    }
}

/// What to search for and to put in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SearchReplacePayload {
    search: String,
    replacement: String,
}

impl SearchReplacePayload {
    pub(crate) fn new(texts: &SearchReplace) -> Self {
        Self {
            search: texts.search().to_string(),
            replacement: texts.replacement().to_string(),
        }
    }

    pub(crate) fn texts(&self) -> Result<SearchReplace, DecodeError> {
        readable(SearchReplace::new(
            readable(ArgumentText::parse(&self.search))?,
            readable(ArgumentText::parse(&self.replacement))?,
        ))
    }
}

/// Which installation makes a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CreateBackupPayload {
    installation: String,
}

impl CreateBackupPayload {
    pub(crate) fn new(installation: &PlatformUniqueName) -> Self {
        Self {
            installation: installation.0.clone(),
        }
    }

    pub(crate) fn installation(&self) -> PlatformUniqueName {
        PlatformUniqueName(self.installation.clone())
    }
}

/// Which installation brings which backup back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RestoreBackupPayload {
    installation: String,
    snapshot: String,
}

impl RestoreBackupPayload {
    pub(crate) fn new(installation: &PlatformUniqueName, snapshot: &SnapshotName) -> Self {
        Self {
            installation: installation.0.clone(),
            snapshot: snapshot.to_string(),
        }
    }

    pub(crate) fn installation(&self) -> PlatformUniqueName {
        PlatformUniqueName(self.installation.clone())
    }

    pub(crate) fn snapshot(&self) -> Result<SnapshotName, DecodeError> {
        readable(SnapshotName::parse(&self.snapshot))
    }
}

/// A script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ScriptPayload {
    script: String,
}

impl ScriptPayload {
    pub(crate) fn new(script: &ScriptName) -> Self {
        Self {
            script: script.to_string(),
        }
    }

    pub(crate) fn script(&self) -> Result<ScriptName, DecodeError> {
        readable(ScriptName::parse(&self.script))
    }
}
