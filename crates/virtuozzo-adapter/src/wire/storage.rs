//! Shared folders of nodes.

use super::{lenient, list};
use serde::Deserialize;

/// What `getmountpoints` answers.
#[derive(Debug, Deserialize)]
pub(crate) struct MountPointList {
    /// Required: without it nothing is proven absent.
    #[serde(deserialize_with = "list::list")]
    pub(crate) array: Vec<MountPointFields>,
}

/// One shared folder.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct MountPointFields {
    #[serde(deserialize_with = "lenient::text")]
    pub(crate) path: Option<String>,
    #[serde(rename = "sourcePath", deserialize_with = "lenient::text")]
    pub(crate) source_path: Option<String>,
    #[serde(rename = "sourceNodeId", deserialize_with = "lenient::integer")]
    pub(crate) source_node: Option<i64>,
    #[serde(rename = "readOnly", deserialize_with = "lenient::flag")]
    pub(crate) is_read_only: Option<bool>,
}
