//! The resources of version 1, one file each: routes, handlers, bodies and views side by side. Views
//! never show what the platform calls things.

mod accepted;
mod addons;
mod browser_sessions;
mod clones;
mod domains;
mod email_verifications;
mod environment_view;
mod environments;
mod error_catalogue;
mod groups;
mod job_log;
mod job_view;
mod jobs;
mod life_cycle;
mod mbadmin;
mod me;
mod mount_points;
mod page_view;
mod password_resets;
mod passwords;
mod person_view;
mod platform_account;
mod platform_credential;
mod presented_factor;
mod registrations;
mod restarts;
mod second_factor;
mod session_cookie;
mod sites;
mod step_up;
mod topology;
mod variables;
mod version;

use crate::state::ApiState;
use utoipa_axum::router::OpenApiRouter;

/// All routes under `/v1`.
pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .merge(registrations::routes())
        .merge(email_verifications::routes())
        .merge(browser_sessions::routes())
        .merge(step_up::routes())
        .merge(password_resets::routes())
        .merge(me::routes())
        .merge(second_factor::routes())
        .merge(platform_account::routes())
        .merge(environments::routes())
        .merge(life_cycle::routes())
        .merge(restarts::routes())
        .merge(clones::routes())
        .merge(groups::routes())
        .merge(domains::routes())
        .merge(topology::routes())
        .merge(mount_points::routes())
        .merge(variables::routes())
        .merge(passwords::routes())
        .merge(addons::routes())
        .merge(mbadmin::routes())
        .merge(sites::routes())
        .merge(jobs::routes())
        .merge(job_log::routes())
        .merge(error_catalogue::routes())
        .merge(version::routes())
}
