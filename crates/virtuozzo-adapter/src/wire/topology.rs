//! Layers of an environment. `getnodegroups` answers with a list under a name that promises an object.

use super::{lenient, list};
use serde::Deserialize;

/// What `getnodegroups` answers.
#[derive(Debug, Deserialize)]
pub(crate) struct LayerList {
    #[serde(deserialize_with = "list::list")]
    pub(crate) object: Vec<LayerFields>,
}

/// One layer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct LayerFields {
    #[serde(deserialize_with = "lenient::text")]
    pub(crate) name: Option<String>,
    #[serde(rename = "displayName", deserialize_with = "lenient::text")]
    pub(crate) display_name: Option<String>,
}
