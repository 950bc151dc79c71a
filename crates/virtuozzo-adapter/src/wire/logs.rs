//! Log files: a tree of groups, and the text of one file.

use super::{lenient, list};
use serde::Deserialize;

/// What `getlogs` answers: groups by name, each with its files.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct LogTree {
    #[serde(deserialize_with = "list::list")]
    pub(crate) keywords: Vec<LogGroup>,
}

/// The files of one group.
#[derive(Debug, Deserialize)]
pub(crate) struct LogGroup(#[serde(deserialize_with = "list::list")] pub(crate) Vec<LogFields>);

/// One file or folder.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct LogFields {
    #[serde(rename = "absolutePath", deserialize_with = "lenient::text")]
    pub(crate) path: Option<String>,
    #[serde(deserialize_with = "lenient::integer")]
    pub(crate) length: Option<i64>,
    #[serde(rename = "isDir", deserialize_with = "lenient::flag")]
    pub(crate) is_folder: Option<bool>,
}

/// What `readlog` answers. No `Debug`: what a site logs may be secret.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct LogText {
    #[serde(deserialize_with = "lenient::text")]
    pub(crate) body: Option<String>,
}
