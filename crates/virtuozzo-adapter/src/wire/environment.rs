//! Answers about environments: `getenvinfo` at the top, `getenvs` as a list, `createenvironment`
//! one level down.

use super::secret::WireSecret;
use super::{lenient, list};
use serde::Deserialize;

/// What the platform says about one environment. No `Debug`: nodes of a creation hold passwords.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct EnvironmentInfo {
    pub(crate) env: Option<EnvironmentFields>,
    #[serde(deserialize_with = "list::list")]
    pub(crate) nodes: Vec<NodeFields>,
    /// The groups it is in: beside `env`, not inside.
    #[serde(rename = "envGroups", deserialize_with = "list::list")]
    pub(crate) groups: Vec<lenient::Text>,
}

/// Its `env` member.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct EnvironmentFields {
    #[serde(rename = "envName", deserialize_with = "lenient::text")]
    pub(crate) env_name: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub(crate) shortdomain: Option<String>,
    #[serde(rename = "displayName", deserialize_with = "lenient::text")]
    pub(crate) display_name: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub(crate) domain: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub(crate) appid: Option<String>,
    #[serde(deserialize_with = "lenient::integer")]
    pub(crate) status: Option<i64>,
    #[serde(rename = "hardwareNodeGroup", deserialize_with = "lenient::text")]
    pub(crate) region: Option<String>,
    #[serde(deserialize_with = "lenient::flag")]
    pub(crate) sslstate: Option<bool>,
}

impl EnvironmentFields {
    /// Its name, whichever of the two members holds it.
    pub(crate) fn name(&self) -> Option<&str> {
        self.env_name.as_deref().or(self.shortdomain.as_deref())
    }
}

/// One of its nodes.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct NodeFields {
    #[serde(deserialize_with = "lenient::integer")]
    pub(crate) id: Option<i64>,
    #[serde(rename = "nodeGroup", deserialize_with = "lenient::text")]
    pub(crate) node_group: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub(crate) nodemission: Option<String>,
    #[serde(rename = "nodeType", deserialize_with = "lenient::text")]
    pub(crate) node_type: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub(crate) version: Option<String>,
    #[serde(rename = "fixedCloudlets", deserialize_with = "lenient::integer")]
    pub(crate) fixed_cloudlets: Option<i64>,
    #[serde(rename = "flexibleCloudlets", deserialize_with = "lenient::integer")]
    pub(crate) flexible_cloudlets: Option<i64>,
    #[serde(deserialize_with = "lenient::flag")]
    pub(crate) ismaster: Option<bool>,
    #[serde(deserialize_with = "lenient::integer")]
    pub(crate) status: Option<i64>,
    /// In the answer of a creation only.
    pub(crate) password: Option<WireSecret>,
}

/// What `createenvironment` answers: the environment is inside `response`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Creation {
    pub(crate) response: Option<EnvironmentInfo>,
}

/// What `getenvs` answers.
#[derive(Deserialize)]
pub(crate) struct EnvironmentList {
    /// Required: without it nothing is proven absent.
    #[serde(deserialize_with = "list::list")]
    pub(crate) infos: Vec<EnvironmentInfo>,
}
