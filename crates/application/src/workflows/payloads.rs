//! What jobs and steps store: payloads, intents, findings and outputs, as versioned JSON of our own.
//! None of them ever holds a secret that is not sealed.

use crate::UseCaseError;
use crate::blueprint::Blueprint;
use domain::error_code::ErrorCode;
use domain::job::EncodedData;
use domain::job::journal::StepAttempt;
use domain::limits;
use domain::names::NodeGroup;
use domain::ports::{LayerSpec, ObservedEnvironment, PackageSpec};
use domain::software::Addon;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

mod actions;
mod changes;
mod sealed;
#[cfg(test)]
mod tests;

pub use actions::PasswordOf;
pub(crate) use actions::*;
pub(crate) use changes::*;
pub(crate) use sealed::{SealedBytes, SealedVariables};

/// Stored data that this version cannot read.
#[derive(Debug, thiserror::Error)]
#[error("stored job data cannot be read")]
pub(crate) struct DecodeError(#[source] Option<serde_json::Error>);

/// Encodes for storage; too large a value is refused before anything is written.
pub(crate) fn encode<Value: Serialize>(value: &Value) -> Result<EncodedData, UseCaseError> {
    let text = serde_json::to_string(value).map_err(|error| {
        UseCaseError::new(ErrorCode::InternalError, "an internal error occurred").caused_by(error)
    })?;
    if text.len() > limits::JOB_PAYLOAD_BYTES_MAX {
        return Err(UseCaseError::new(
            ErrorCode::ValidationFailed,
            "the request is too large to be stored as a job",
        ));
    }
    Ok(EncodedData(text))
}

/// Encodes a small value of our own that cannot fail.
pub(crate) fn encode_own<Value: Serialize>(value: &Value) -> EncodedData {
    EncodedData(serde_json::to_string(value).expect("plain structs of texts and numbers encode"))
}

/// Decodes stored data.
pub(crate) fn decode<Value: DeserializeOwned>(data: &EncodedData) -> Result<Value, DecodeError> {
    serde_json::from_str(&data.0).map_err(|error| DecodeError(Some(error)))
}

/// A layer of a topology.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredLayer {
    node_group: String,
    stack: String,
    version: Option<String>,
    count: u16,
    cloudlets_reserved: u16,
    cloudlets_limit: u16,
    disk_limit_gb: Option<u32>,
}

impl StoredLayer {
    pub(crate) fn of(layer: &LayerSpec) -> Self {
        Self {
            node_group: layer.node_group.to_string(),
            stack: layer.stack.clone(),
            version: layer.version.clone(),
            count: layer.count,
            cloudlets_reserved: layer.cloudlets_reserved,
            cloudlets_limit: layer.cloudlets_limit,
            disk_limit_gb: layer.disk_limit_gb,
        }
    }

    pub(crate) fn spec(&self) -> Result<LayerSpec, DecodeError> {
        Ok(LayerSpec {
            node_group: readable(NodeGroup::parse(&self.node_group))?,
            stack: self.stack.clone(),
            version: self.version.clone(),
            count: self.count,
            cloudlets_reserved: self.cloudlets_reserved,
            cloudlets_limit: self.cloudlets_limit,
            disk_limit_gb: self.disk_limit_gb,
        })
    }
}

/// A package with its settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredPackage {
    source: String,
    node_group: Option<String>,
    settings: BTreeMap<String, String>,
}

impl StoredPackage {
    pub(crate) fn of(package: &PackageSpec) -> Self {
        Self {
            source: package.source.clone(),
            node_group: package.node_group.as_ref().map(ToString::to_string),
            settings: package.settings.clone(),
        }
    }

    pub(crate) fn spec(&self) -> Result<PackageSpec, DecodeError> {
        let node_group = self.node_group.as_deref().map(NodeGroup::parse);
        Ok(PackageSpec {
            source: self.source.clone(),
            node_group: node_group.map(readable).transpose()?,
            settings: self.settings.clone(),
        })
    }
}

/// What a provisioning job needs to know: the blueprint as it was when the job was accepted, so that
/// a changed configuration cannot change a job halfway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProvisionPayload {
    layers: Vec<StoredLayer>,
    package: Option<StoredPackage>,
    addons: Vec<String>,
}

impl ProvisionPayload {
    pub(crate) fn new(blueprint: &Blueprint, addons: &BTreeSet<Addon>) -> Self {
        Self {
            layers: blueprint.layers.iter().map(StoredLayer::of).collect(),
            package: blueprint.package.as_ref().map(StoredPackage::of),
            addons: addons.iter().map(ToString::to_string).collect(),
        }
    }

    pub(crate) fn layers(&self) -> Result<Vec<LayerSpec>, DecodeError> {
        self.layers.iter().map(StoredLayer::spec).collect()
    }

    pub(crate) fn package(&self) -> Result<Option<PackageSpec>, DecodeError> {
        self.package.as_ref().map(StoredPackage::spec).transpose()
    }

    pub(crate) fn addons(&self) -> Result<Vec<Addon>, DecodeError> {
        self.addons.iter().map(|text| parse_addon(text)).collect()
    }
}

/// Nothing but the environment of the job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NoPayload {}

/// What an add-on job needs to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct InstallAddonPayload {
    addon: String,
}

impl InstallAddonPayload {
    pub(crate) fn new(addon: Addon) -> Self {
        Self {
            addon: addon.to_string(),
        }
    }

    pub(crate) fn addon(&self) -> Result<Addon, DecodeError> {
        parse_addon(&self.addon)
    }
}

fn parse_addon(text: &str) -> Result<Addon, DecodeError> {
    Addon::parse(text).ok_or(DecodeError(None))
}

/// A stored text that has to be a valid name still.
pub(crate) fn readable<Value, Error>(parsed: Result<Value, Error>) -> Result<Value, DecodeError> {
    parsed.map_err(|_| DecodeError(None))
}

/// Under which identity an attempt was made, and what stood there before. Another identity's silence
/// proves nothing about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Intent {
    pub(crate) platform_uid: i64,
    pub(crate) credential_version: i64,
    #[serde(flatten)]
    pub(crate) baseline: Baseline,
}

/// What stood there before an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Baseline {
    /// Platform names of what was installed before.
    pub(crate) installed_before: Option<Vec<String>>,
    /// What was seen of the thing that a step wants in a certain state, as that step writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) seen_before: Option<String>,
}

impl Baseline {
    /// What was written down with the attempt.
    pub(crate) fn of(attempt: &StepAttempt) -> Self {
        attempt
            .baseline
            .as_ref()
            .and_then(|data| decode::<Intent>(data).ok())
            .map(|intent| intent.baseline)
            .unwrap_or_default()
    }
}

/// What has been found out about an attempt in doubt.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Findings {
    /// What was seen instead of an answer; absent when the process died.
    pub(crate) reason: Option<String>,
    /// The platform's result code, when there was one.
    pub(crate) result: Option<i64>,
    /// Whether that code would come again: repeating the call has no use then.
    #[serde(default)]
    pub(crate) is_refused_for_good: bool,
    /// How often the thing was looked for and missing, without a hit in between.
    pub(crate) misses: u32,
    /// When it was first missing, in microseconds of the wall clock.
    pub(crate) first_miss_at: Option<i64>,
    /// Whether it was proved that nothing happened; only then the attempt was given up.
    pub(crate) is_absence_proved: bool,
    /// What a person found out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) verdict: Option<StoredVerdict>,
    /// When a person let it be looked at once more, in microseconds of the wall clock: patience begins
    /// anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reopened_at: Option<i64>,
}

/// What a person found out about a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StoredVerdict {
    Happened,
    DidNotHappen,
}

/// What creating an environment gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CreateOutput {
    pub(crate) appid: String,
    pub(crate) domain: Option<String>,
}

impl CreateOutput {
    pub(crate) fn of(environment: &ObservedEnvironment) -> EncodedData {
        encode_own(&Self {
            appid: environment.appid.0.clone(),
            domain: environment.domain.clone(),
        })
    }
}

/// What an installation gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct InstallOutput {
    pub(crate) unique_name: Option<String>,
}
