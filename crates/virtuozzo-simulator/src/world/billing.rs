//! An account as it is billed.
//!
//! It must not limit anything; quotas do.

use serde::Deserialize;

/// What `billing/account/rest/getaccount` tells.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Billing {
    pub balance: f64,
    pub bonus: f64,
    pub group: String,
    /// `trial`, `billing` or another type of the platform.
    pub group_type: String,
    /// `yyyy-MM-dd HH:mm:ss`.
    pub created_on: String,
}

impl Default for Billing {
    fn default() -> Self {
        Self {
            balance: 0.0,
            bonus: 0.0,
            group: "standard".to_owned(),
            group_type: "billing".to_owned(),
            created_on: "2026-01-05 08:00:00".to_owned(),
        }
    }
}
