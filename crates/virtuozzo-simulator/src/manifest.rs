//! The visible part of the package engine: reading a manifest and rendering its texts.
//!
//! It must not run actions: what a manifest would do inside the nodes is not simulated.

use serde_json::{Map, Value};

use crate::topology::text;

mod markdown;
mod placeholders;

pub(crate) use placeholders::Placeholders;

/// What a manifest is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ManifestType {
    /// Brings an environment, or touches none.
    Install,
    /// Changes an environment that exists.
    Update,
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
    default_settings: Map<String, Value>,
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
}

impl Manifest {
    /// Reads YAML or JSON text.
    pub(crate) fn parse(manifest: &str) -> Result<Self, ManifestError> {
        let parsed: Value =
            serde_yaml_ng::from_str(manifest).map_err(|_| ManifestError::Unreadable)?;
        if !parsed.is_object() {
            return Err(ManifestError::Unreadable);
        }
        let declared_type = text(&parsed, "type").or_else(|| text(&parsed, "jpsType"));
        let manifest_type = match declared_type.as_deref() {
            None | Some("install") => ManifestType::Install,
            Some("update") => ManifestType::Update,
            Some(other) => return Err(ManifestError::TypeUnknown(other.to_owned())),
        };
        let name = text(&parsed, "name").ok_or(ManifestError::NameMissing)?;
        let success = &parsed["success"];
        Ok(Self {
            manifest_type,
            app_id: text(&parsed, "id").unwrap_or_else(|| name.clone()),
            nodes: parsed
                .get("nodes")
                .filter(|nodes| nodes.is_array())
                .cloned(),
            default_settings: default_settings(&parsed),
            success: success
                .as_str()
                .map(str::to_owned)
                .or_else(|| text(success, "text")),
            start_page: text(&parsed, "startPage"),
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

    /// The success text as HTML, placeholders replaced.
    pub(crate) fn success_html(&self, placeholders: &Placeholders) -> Option<String> {
        let success = self.success.as_deref()?;
        Some(markdown::to_html(&placeholders.fill(success)))
    }

    pub(crate) fn start_page(&self, placeholders: &Placeholders) -> Option<String> {
        self.start_page
            .as_deref()
            .map(|page| placeholders.fill(page))
    }
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
