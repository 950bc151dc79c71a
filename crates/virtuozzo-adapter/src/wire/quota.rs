//! Quotas of the account.

use super::{lenient, list};
use serde::Deserialize;

/// What `getquotas` answers.
#[derive(Debug, Deserialize)]
pub(crate) struct QuotaList {
    #[serde(default, deserialize_with = "list::list")]
    pub(crate) array: Vec<QuotaValue>,
}

/// One quota and its value.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct QuotaValue {
    pub(crate) quota: Option<Quota>,
    #[serde(deserialize_with = "lenient::word")]
    pub(crate) value: Option<String>,
}

/// A quota.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Quota {
    #[serde(deserialize_with = "lenient::text")]
    pub(crate) name: Option<String>,
}
