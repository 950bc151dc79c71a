//! Routes that belong to no version: health for machines, documentation for people.

mod documentation;
mod health;
mod llms;

use crate::state::ApiState;
use axum::Router;

/// All routes outside of `/v1`.
pub(crate) fn routes() -> Router<ApiState> {
    health::routes()
        .merge(documentation::routes())
        .merge(llms::routes())
}
