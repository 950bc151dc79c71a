//! What an environment used.

use super::{lenient, list};
use serde::Deserialize;

/// What `getsumstat` answers.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct UsageList {
    #[serde(deserialize_with = "list::list")]
    pub(crate) stats: Vec<UsageFields>,
}

/// One stretch of time.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct UsageFields {
    /// Seconds.
    #[serde(deserialize_with = "lenient::integer")]
    pub(crate) duration: Option<i64>,
    #[serde(deserialize_with = "lenient::number")]
    pub(crate) cpu: Option<f64>,
    #[serde(deserialize_with = "lenient::number")]
    pub(crate) mem: Option<f64>,
    #[serde(deserialize_with = "lenient::number")]
    pub(crate) disk: Option<f64>,
    #[serde(rename = "netInExt", deserialize_with = "lenient::number")]
    pub(crate) external_in: Option<f64>,
    #[serde(rename = "netOutExt", deserialize_with = "lenient::number")]
    pub(crate) external_out: Option<f64>,
}
