//! Actions that the platform tracks. Their shape is only partly public: every member is optional.

use super::{lenient, list};
use serde::Deserialize;

/// What `getcurrentactions` and `searchactions` answer.
#[derive(Debug, Deserialize)]
pub(crate) struct ActionList {
    #[serde(deserialize_with = "list::list")]
    pub(crate) array: Vec<Action>,
}

/// One action.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Action {
    #[serde(deserialize_with = "lenient::text")]
    pub(crate) env: Option<String>,
    #[serde(rename = "envName", deserialize_with = "lenient::text")]
    pub(crate) env_name: Option<String>,
    #[serde(rename = "requestUniqueKey", deserialize_with = "lenient::text")]
    pub(crate) request_unique_key: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub(crate) ruk: Option<String>,
    #[serde(deserialize_with = "lenient::integer")]
    pub(crate) result: Option<i64>,
    #[serde(rename = "resultCode", deserialize_with = "lenient::integer")]
    pub(crate) result_code: Option<i64>,
    #[serde(rename = "startDate", deserialize_with = "lenient::text")]
    pub(crate) start_date: Option<String>,
    #[serde(rename = "startTime", deserialize_with = "lenient::text")]
    pub(crate) start_time: Option<String>,
    #[serde(rename = "endDate", deserialize_with = "lenient::text")]
    pub(crate) end_date: Option<String>,
    #[serde(rename = "endTime", deserialize_with = "lenient::text")]
    pub(crate) end_time: Option<String>,
}

impl Action {
    /// The key that the request was sent with.
    pub(crate) fn key(&self) -> Option<&str> {
        self.request_unique_key.as_deref().or(self.ruk.as_deref())
    }

    /// The environment it is about.
    pub(crate) fn environment(&self) -> Option<&str> {
        self.env.as_deref().or(self.env_name.as_deref())
    }

    /// How it ended; `None` while it runs. A result of 0 without an end may be a default of an action
    /// that still runs, so it does not count.
    pub(crate) fn final_result(&self) -> Option<i64> {
        let result = self.result_code.or(self.result);
        let has_ended = self.end_date.is_some() || self.end_time.is_some();
        result.filter(|code| has_ended || *code != 0)
    }

    /// When it began, as written.
    pub(crate) fn started(&self) -> Option<&str> {
        self.start_date.as_deref().or(self.start_time.as_deref())
    }
}
