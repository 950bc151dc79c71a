//! The resources of version 1, one file each: routes, handlers, bodies and views side by side. Views
//! never show what the platform calls things.

mod accepted;
mod addons;
mod environment_view;
mod environments;
mod error_catalogue;
mod job_log;
mod job_view;
mod jobs;
mod page_view;
mod platform_account;
mod version;

use crate::state::ApiState;
use utoipa_axum::router::OpenApiRouter;

/// All routes under `/v1`.
pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .merge(platform_account::routes())
        .merge(environments::routes())
        .merge(addons::routes())
        .merge(jobs::routes())
        .merge(job_log::routes())
        .merge(error_catalogue::routes())
        .merge(version::routes())
}
