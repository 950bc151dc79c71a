//! The resources of version 1, one file each: routes, handlers, bodies and views side by side. Views
//! never show what the platform calls things.

mod accepted;
mod addons;
mod api_tokens;
mod audit_events;
mod backups;
mod blueprints;
mod browser_sessions;
mod clones;
mod created;
mod display_names;
mod domains;
mod email_verifications;
mod environment_view;
mod environments;
mod error_catalogue;
mod findings;
mod groups;
mod invitations;
mod job_log;
mod job_view;
mod jobs;
mod life_cycle;
mod mbadmin;
mod me;
mod members;
mod mount_points;
mod node_logs;
mod operator_pauses;
mod operator_teams;
mod ownership;
mod page_view;
mod password_resets;
mod passwords;
mod permission_slugs;
mod permissions;
mod person_view;
mod platform_account;
mod platform_credential;
mod presented_factor;
mod quotas;
mod regions;
mod registrations;
mod restarts;
mod roles;
mod second_factor;
mod session_cookie;
mod shown_secret;
mod sites;
mod step_up;
mod syncs;
mod team_events;
mod team_export;
mod team_view;
mod teams;
mod topology;
mod usage;
mod variables;
mod version;
mod webhook_deliveries;
mod webhooks;

pub use team_export::ExportLines;

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
        .merge(teams::routes())
        .merge(team_export::routes())
        .merge(team_events::routes())
        .merge(webhooks::routes())
        .merge(webhook_deliveries::routes())
        .merge(members::routes())
        .merge(roles::routes())
        .merge(permissions::routes())
        .merge(invitations::routes())
        .merge(api_tokens::routes())
        .merge(ownership::routes())
        .merge(operator_pauses::routes())
        .merge(operator_teams::routes())
        .merge(platform_account::routes())
        .merge(audit_events::routes())
        .merge(environments::routes())
        .merge(syncs::routes())
        .merge(findings::routes())
        .merge(life_cycle::routes())
        .merge(restarts::routes())
        .merge(clones::routes())
        .merge(groups::routes())
        .merge(display_names::routes())
        .merge(domains::routes())
        .merge(topology::routes())
        .merge(mount_points::routes())
        .merge(variables::routes())
        .merge(passwords::routes())
        .merge(node_logs::routes())
        .merge(blueprints::routes())
        .merge(regions::routes())
        .merge(quotas::routes())
        .merge(usage::routes())
        .merge(addons::routes())
        .merge(backups::routes())
        .merge(mbadmin::routes())
        .merge(sites::routes())
        .merge(jobs::routes())
        .merge(job_log::routes())
        .merge(error_catalogue::routes())
        .merge(version::routes())
}
