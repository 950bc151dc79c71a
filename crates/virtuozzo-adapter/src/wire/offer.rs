//! What the platform offers an account: regions and stacks.

use super::{lenient, list};
use serde::Deserialize;

/// What `getregions` answers.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RegionList {
    #[serde(deserialize_with = "list::list")]
    pub(crate) array: Vec<RegionFields>,
}

/// One region: groups of hardware below one domain.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RegionFields {
    #[serde(rename = "displayName", deserialize_with = "lenient::text")]
    pub(crate) display_name: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub(crate) domain: Option<String>,
    #[serde(rename = "hardNodeGroups", deserialize_with = "list::list")]
    pub(crate) hardware: Vec<HardwareFields>,
}

/// One group of hardware: what a creation calls its region.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct HardwareFields {
    #[serde(rename = "uniqueName", deserialize_with = "lenient::text")]
    pub(crate) unique_name: Option<String>,
    #[serde(rename = "displayName", deserialize_with = "lenient::text")]
    pub(crate) display_name: Option<String>,
    #[serde(rename = "isEnabled", deserialize_with = "lenient::flag")]
    pub(crate) is_enabled: Option<bool>,
}

/// What `gettemplates` answers.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TemplateList {
    #[serde(deserialize_with = "list::list")]
    pub(crate) array: Vec<TemplateFields>,
}

/// One stack.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TemplateFields {
    #[serde(rename = "nodeType", deserialize_with = "lenient::text")]
    pub(crate) node_type: Option<String>,
    #[serde(rename = "nodeMission", deserialize_with = "lenient::text")]
    pub(crate) node_mission: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub(crate) name: Option<String>,
    #[serde(deserialize_with = "lenient::flag")]
    pub(crate) enabled: Option<bool>,
    #[serde(deserialize_with = "lenient::flag")]
    pub(crate) published: Option<bool>,
    #[serde(deserialize_with = "list::list")]
    pub(crate) tags: Vec<TagElement>,
}

/// One version: an object, or its bare name.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum TagElement {
    /// Its name.
    Name(String),
    /// The object.
    Fields(TagFields),
}

/// One version's object.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TagFields {
    #[serde(deserialize_with = "lenient::text")]
    pub(crate) name: Option<String>,
    #[serde(rename = "isDefault", deserialize_with = "lenient::flag")]
    pub(crate) is_default: Option<bool>,
}
