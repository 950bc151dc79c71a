//! The visible part of the package engine: reading a manifest and rendering its texts.
//!
//! It must not change anything: what actions would do inside the nodes is not simulated.

use serde_json::{Map, Value};
use serde_yaml_ng as yaml;

use crate::topology::text;

mod ending;
mod markdown;
mod mixins;
mod placeholders;
mod script;
mod steps;

pub(crate) use ending::Ending;
pub(crate) use placeholders::Placeholders;
pub(crate) use script::{Script, ScriptError, ScriptRun};
use steps::Step;

/// What a manifest is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ManifestType {
    /// Brings an environment, or touches none.
    Install,
    /// Changes an environment that exists.
    Update,
}

impl ManifestType {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Install => "install",
            Self::Update => "update",
        }
    }
}

/// A manifest that makes sense.
#[derive(Clone, Debug)]
pub(crate) struct Manifest {
    pub(crate) manifest_type: ManifestType,
    /// `id`, or the name where there is none.
    pub(crate) app_id: String,
    pub(crate) name: String,
    /// Topology elements; absent for manifests that bring no environment.
    pub(crate) nodes: Option<Value>,
    pub(crate) region: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) has_ssl: bool,
    pub(crate) has_high_availability: bool,
    /// What is to be done before anything else, and once the environment is there.
    pub(crate) before_install: Script,
    pub(crate) on_install: Script,
    base_url: Option<String>,
    default_settings: Map<String, Value>,
    globals: Map<String, Value>,
    success: Option<String>,
    start_page: Option<String>,
}

/// Why a manifest cannot be used.
#[derive(Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum ManifestError {
    #[error("manifest is neither YAML nor JSON")]
    Unreadable,
    #[error("manifest has no name")]
    NameMissing,
    #[error("manifest type [{0}] is unknown")]
    TypeUnknown(String),
    #[error("manifest [{0}] installs nothing")]
    Empty(String),
    #[error("mixin [{0}] could not be loaded: not found")]
    MixinMissing(String),
}

impl Manifest {
    /// Reads YAML or JSON text; `mixin` finds the text of a mixin under its URL.
    pub(crate) fn parse<'a>(
        manifest: &str,
        mixin: impl Fn(&str) -> Option<&'a str>,
    ) -> Result<Self, ManifestError> {
        let mut parsed = mapping(manifest)?;
        mixins::mix_in(&mut parsed, &mixin)?;
        let json = serde_json::to_value(&parsed).map_err(|_| ManifestError::Unreadable)?;
        let declared_type = text(&json, "type").or_else(|| text(&json, "jpsType"));
        let manifest_type = match declared_type.as_deref() {
            None | Some("install") => ManifestType::Install,
            Some("update") => ManifestType::Update,
            Some(other) => return Err(ManifestError::TypeUnknown(other.to_owned())),
        };
        let name = text(&json, "name").ok_or(ManifestError::NameMissing)?;
        let has_purpose = ["nodes", "onInstall", "success", "settings"]
            .iter()
            .any(|section| json.get(section).is_some());
        if manifest_type == ManifestType::Install && !has_purpose {
            return Err(ManifestError::Empty(name));
        }
        let script = |sections: &[&str]| Script::read(&parsed, &json, sections);
        let flag = |name: &str| json.get(name).and_then(Value::as_bool).unwrap_or(false);
        let success = &json["success"];
        Ok(Self {
            manifest_type,
            app_id: text(&json, "id").unwrap_or_else(|| name.clone()),
            nodes: nodes(&json),
            region: text(&json, "region"),
            display_name: text(&json, "displayName"),
            has_ssl: flag("ssl"),
            has_high_availability: flag("ha"),
            before_install: script(&["onBeforeInit", "onBeforeInstall"]),
            on_install: script(&["onInstall"]),
            base_url: text(&json, "baseUrl"),
            default_settings: default_settings(&json),
            globals: json["globals"].as_object().cloned().unwrap_or_default(),
            success: success
                .as_str()
                .map(str::to_owned)
                .or_else(|| text(success, "text")),
            start_page: text(&json, "startPage"),
            name,
        })
    }

    /// The defaults of the manifest under the values that the client sent.
    pub(crate) fn settings(&self, sent: Option<&Value>) -> Map<String, Value> {
        let mut settings = self.default_settings.clone();
        if let Some(Value::Object(sent)) = sent {
            settings.extend(sent.clone());
        }
        settings
    }

    /// The placeholders that the manifest itself brings, beside those that are known already.
    pub(crate) fn placeholders(
        &self,
        known: Placeholders,
        sent_settings: Option<&Value>,
    ) -> Placeholders {
        let mut placeholders = known;
        if let Some(base_url) = &self.base_url {
            let slash = if base_url.ends_with('/') { "" } else { "/" };
            placeholders.set("baseUrl", &format!("{base_url}{slash}"));
        }
        placeholders.set_all("settings", &self.settings(sent_settings));
        placeholders.set_all("globals", &self.globals);
        placeholders
    }

    /// The success text as HTML, placeholders replaced; empty when there is none.
    pub(crate) fn success_html(&self, placeholders: &Placeholders) -> String {
        let success = self.success.as_deref().unwrap_or_default();
        markdown::to_html(&placeholders.fill(success))
    }

    /// The start page; that of a manifest which brings an environment is the environment's.
    pub(crate) fn start_page(&self, placeholders: &Placeholders) -> Option<String> {
        let implied = self.nodes.as_ref().map(|_| "${env.url}");
        self.start_page
            .as_deref()
            .or(implied)
            .map(|page| placeholders.fill(page))
    }
}

fn mapping(text: &str) -> Result<yaml::Mapping, ManifestError> {
    match yaml::from_str(text) {
        Ok(yaml::Value::Mapping(mapping)) => Ok(mapping),
        _ => Err(ManifestError::Unreadable),
    }
}

/// One node or a list of them; `cloudlets` and its kin by the names of `createenvironment`.
fn nodes(manifest: &Value) -> Option<Value> {
    let mut nodes = match manifest.get("nodes")? {
        Value::Array(nodes) => nodes.clone(),
        node @ Value::Object(_) => vec![node.clone()],
        _ => return None,
    };
    let aliases = [
        ("cloudlets", "flexibleCloudlets"),
        ("flexible", "flexibleCloudlets"),
        ("fixed", "fixedCloudlets"),
    ];
    for node in nodes.iter_mut().filter_map(Value::as_object_mut) {
        for (alias, name) in aliases {
            if let Some(value) = node.remove(alias) {
                node.insert(name.to_owned(), value);
            }
        }
    }
    Some(Value::Array(nodes))
}

/// `settings.fields`, `settings.main.fields` or a bare list of fields.
fn default_settings(manifest: &Value) -> Map<String, Value> {
    let settings = &manifest["settings"];
    let lists = [settings, &settings["fields"], &settings["main"]["fields"]];
    let fields = lists.into_iter().filter_map(Value::as_array).flatten();
    fields
        .filter_map(|field| Some((text(field, "name")?, field.get("default")?.clone())))
        .collect()
}

#[cfg(test)]
mod tests;
