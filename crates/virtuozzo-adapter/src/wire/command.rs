//! What `execcmdbyid` answers.

use super::{lenient, list};
use serde::Deserialize;

/// The answer: one element for each node.
#[derive(Debug, Deserialize)]
pub(crate) struct CommandAnswer {
    #[serde(deserialize_with = "list::list")]
    pub(crate) responses: Vec<NodeOutput>,
}

/// What one node printed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NodeOutput {
    #[serde(alias = "nodeId", deserialize_with = "lenient::integer")]
    pub(crate) nodeid: Option<i64>,
    #[serde(deserialize_with = "lenient::text")]
    pub(crate) out: Option<String>,
}

impl CommandAnswer {
    /// What the node printed, when the answer is about that node alone. An answer that does not name
    /// it is about the one node that was asked.
    pub(crate) fn output_of(self, node: i64) -> Option<String> {
        let [only] = <[NodeOutput; 1]>::try_from(self.responses).ok()?;
        let is_about_it = only.nodeid.is_none_or(|named| named == node);
        is_about_it.then_some(only.out.unwrap_or_default())
    }
}
