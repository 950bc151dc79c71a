//! A right body for every operation that takes one; what stands in braces is filled in with what a place
//! holds. An operation without a row fails the test.
//!
//! Right means: whoever may do it gets past every rule about permissions. Proofs (passwords, codes, links)
//! are wrong, so that nothing becomes of them.

/// By the id of the operation.
const BODIES: &[(&str, &str)] = &[
    (
        "register",
        r#"{"email":"no address","password":"ten friendly winches","name":"Anna"}"#,
    ),
    ("verify_email", r#"{"token":"wdl_verify_unknown"}"#),
    ("resend_verification", r#"{"email":"no address"}"#),
    (
        "sign_in",
        r#"{"email":"no address","password":"ten friendly winches"}"#,
    ),
    ("step_up", r#"{"password":"not the right password"}"#),
    ("request_password_reset", r#"{"email":"no address"}"#),
    (
        "complete_password_reset",
        r#"{"token":"wdl_reset_unknown","password":"ten friendly winches"}"#,
    ),
    (
        "change_password",
        r#"{"current_password":"not the right password","password":"ten hostile winches push apart"}"#,
    ),
    ("confirm_second_factor", r#"{"code":"000000"}"#),
    (
        "put_platform_account",
        r#"{"platform":"simulator","credential":{"kind":"password","login":"owner@example.com","password":"wrong"}}"#,
    ),
    (
        "create_environment",
        r#"{"name":"shop-{fresh}","blueprint":"empty"}"#,
    ),
    ("clone_environment", r#"{"name":"copy-{fresh}"}"#),
    (
        "restart_environment",
        r#"{"what":"nodes","target":{"node_id":"{node_id}"}}"#,
    ),
    (
        "redeploy_environment",
        r#"{"version":"8.3","keeps_volumes":true,"target":{"node_id":"{node_id}"}}"#,
    ),
    ("attach_group", r#"{"group":"customers/example"}"#),
    ("detach_group", r#"{"group":"customers/example"}"#),
    ("set_group", r#"{"group":"customers/example"}"#),
    ("bind_domain", r#"{"domain":"shop.example.com"}"#),
    (
        "put_topology",
        r#"{"layers":[{"node_group":"cp","stack":"nginxphp","count":2,"cloudlets_reserved":1,"cloudlets_limit":8}]}"#,
    ),
    ("put_display_name", r#"{"display_name":"The shop"}"#),
    ("put_cloudlets", r#"{"reserved":1,"limit":8}"#),
    (
        "add_mount_point",
        r#"{"node_id":"{node_id}","path":"/shared","source_node_id":"{other_node_id}","source_path":"/data"}"#,
    ),
    (
        "remove_mount_point",
        r#"{"node_id":"{node_id}","path":"/shared"}"#,
    ),
    (
        "add_variables",
        r#"{"node_id":"{node_id}","variables":{"APP_KEY":"example"}}"#,
    ),
    (
        "replace_variables",
        r#"{"node_id":"{node_id}","variables":{"APP_KEY":"example"}}"#,
    ),
    (
        "remove_variables",
        r#"{"node_id":"{node_id}","names":["APP_KEY"]}"#,
    ),
    (
        "reset_node_password",
        r#"{"of":"main_user","password":"example"}"#,
    ),
    ("install_addon", r#"{"addon":"lets_encrypt"}"#),
    ("run_cache_action", r#"{"parameters":{}}"#),
    (
        "search_replace",
        r#"{"search":"http://","replacement":"https://"}"#,
    ),
    ("restore_backup", r#"{"snapshot":"1"}"#),
    ("run_script", r#"{"script":"warm-up"}"#),
    ("create_team", r#"{"name":"Team {fresh}"}"#),
    ("update_team", r#"{"name":"Team {fresh}"}"#),
    (
        "delete_team",
        r#"{"confirmation_token":"wdl_delete_unknown"}"#,
    ),
    ("put_member_role", r#"{"role_id":"{role_id}"}"#),
    (
        "create_role",
        r#"{"name":"role {fresh}","permissions":["team.view"]}"#,
    ),
    (
        "put_role",
        r#"{"name":"role {fresh}","permissions":["team.view"]}"#,
    ),
    (
        "create_invitation",
        r#"{"email":"guest-{fresh}@example.com","role_id":"{role_id}"}"#,
    ),
    ("accept_invitation", r#"{"token":"{invitation_token}"}"#),
    (
        "create_api_token",
        r#"{"label":"example","scopes":["team.view"],"expires_at":"{expires_at}"}"#,
    ),
    (
        "create_webhook",
        r#"{"url":"http://hooks-{fresh}.example.com/in","event_types":["job.failed"],"is_active":false}"#,
    ),
    (
        "put_webhook",
        r#"{"url":"http://127.0.0.1:9/in-{fresh}","event_types":["job.failed"]}"#,
    ),
    ("put_ownership_offer", r#"{"user_id":"{user_id}"}"#),
    (
        "pause_team",
        r#"{"reason":"the platform is being maintained"}"#,
    ),
    (
        "pause_platform",
        r#"{"reason":"the platform is being maintained"}"#,
    ),
    ("suspend_team", r#"{"reason":"the invoice was not paid"}"#),
    ("resume_team", r#"{"reason":"the invoice is paid"}"#),
];

/// What an operation cannot do without in its query.
const QUERIES: &[(&str, &str)] = &[("read_log_file", "?path=/var/log/run.log")];

/// What in a body names something of a team.
const NAMING: &[&str] = &[
    "node_id",
    "other_node_id",
    "role_id",
    "user_id",
    "invitation_token",
];

/// The query parameters that narrow a list to one thing, and what they name.
const NARROWING: &[(&str, &str)] = &[
    ("principal", "user_id"),
    ("target", "environment_id"),
    ("environment_id", "environment_id"),
];

/// The body of the operation, with its braces.
pub(super) fn body_of(operation: &str) -> Option<&'static str> {
    let found = BODIES.iter().find(|(id, _)| *id == operation);
    found.map(|(_, body)| *body)
}

/// The query of the operation; empty for most.
pub(super) fn query_of(operation: &str) -> &'static str {
    let found = QUERIES.iter().find(|(id, _)| *id == operation);
    found.map_or("", |(_, query)| *query)
}

/// What the body of the operation names.
pub(super) fn named_in_body(operation: &str) -> impl Iterator<Item = &'static str> {
    let body = body_of(operation).unwrap_or_default();
    let is_in_it = move |name: &&&str| body.contains(&format!("{{{name}}}"));
    NAMING.iter().filter(is_in_it).copied()
}

/// What a query parameter names.
pub(super) fn narrowing() -> impl Iterator<Item = (&'static str, &'static str)> {
    NARROWING.iter().copied()
}
