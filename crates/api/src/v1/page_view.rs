//! Where the next page of a list starts.

use serde::Serialize;
use utoipa::ToSchema;

/// Where the next page starts.
#[derive(Serialize, ToSchema)]
#[schema(as = Page)]
pub(super) struct PageView {
    /// Give it as `cursor` to get the next page; `null` at the end.
    pub(super) next_cursor: Option<String>,
}
