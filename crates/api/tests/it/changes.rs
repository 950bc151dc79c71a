//! Wishes about what exists: what is wrong with them is pointed at, and nothing secret
//! is told on.

use crate::support::{NODE, Operation, Standing, TestApi, operations};
use domain::environment::EnvironmentState;
use domain::job::JobKind;
use domain::software::{Addon, Software};
use http::StatusCode;

fn operation(id: &str) -> Operation {
    let team = TestApi::new().team.to_string();
    let mut all = operations(&team).into_iter();
    all.find(|operation| operation.id == id)
        .unwrap_or_else(|| panic!("there is no operation `{id}`"))
}

/// Operation, body, and the pointers to what is wrong with it.
const WRONG: &[(&str, &str, &[&str])] = &[
    (
        "register",
        r#"{"email":"anna","password":"hunter2","name":" ","team_name":"","platform_account":{"platform":"a b","credential":{"kind":"password","login":"a b","token":"hunter2"},"delete_confirmation_password":""}}"#,
        &[
            "/email",
            "/password",
            "/name",
            "/team_name",
            "/platform_account/platform",
            "/platform_account/credential/token",
            "/platform_account/credential/login",
            "/platform_account/credential/password",
            "/platform_account/delete_confirmation_password",
        ],
    ),
    (
        "register",
        r#"{"email":"anna@example.com","password":"an easy hunter2","name":"Anna"}"#,
        &["/password"],
    ),
    (
        "create_webhook",
        r#"{"url":"https://user:hunter2@hooks.example.com","description":"","event_types":["job.failed","hunter2"]}"#,
        &["/url", "/description", "/event_types/1"],
    ),
    (
        "put_webhook",
        r#"{"url":"ftp://hooks.example.com","is_active":"hunter2"}"#,
        &["/is_active"],
    ),
    ("verify_email", r#"{"token":["hunter2"]}"#, &["/token"]),
    (
        "resend_verification",
        r#"{"email":"@example.com"}"#,
        &["/email"],
    ),
    (
        "sign_in",
        r#"{"email":"a@b@","password":"","code":"hunter2"}"#,
        &["/email", "/password", "/code"],
    ),
    (
        "sign_in",
        r#"{"email":"anna@example.com","password":"hunter2","code":"123456","recovery_code":"hunter2"}"#,
        &["/recovery_code"],
    ),
    (
        "step_up",
        r#"{"password":"","recovery_code":""}"#,
        &["/password", "/recovery_code"],
    ),
    ("request_password_reset", r#"{"email":""}"#, &["/email"]),
    (
        "complete_password_reset",
        r#"{"token":"wdl_reset_hunter2","password":"hunter2"}"#,
        &["/password"],
    ),
    (
        "change_password",
        r#"{"current_password":"","password":"hunter2"}"#,
        &["/current_password", "/password"],
    ),
    (
        "change_password",
        r#"{"current_password":"hunter2","password":"an easy hunter2"}"#,
        &["/password"],
    ),
    ("confirm_second_factor", r#"{"code":"12345"}"#, &["/code"]),
    ("clone_environment", r#"{"name":"Shop!"}"#, &["/name"]),
    (
        "clone_environment",
        r#"{"name":"copy","display_name":" "}"#,
        &["/display_name"],
    ),
    (
        "restart_environment",
        r#"{"what":"everything","target":"all"}"#,
        &["/what"],
    ),
    ("restart_environment", r#"{"what":"nodes"}"#, &["/target"]),
    (
        "restart_environment",
        r#"{"what":"nodes","target":{"node_group":"c p"}}"#,
        &["/target/node_group"],
    ),
    (
        "restart_environment",
        r#"{"what":"nodes","target":{"node_id":"11"}}"#,
        &["/target/node_id"],
    ),
    (
        "redeploy_environment",
        r#"{"version":"latest; rm","keeps_volumes":true,"target":{"node_id":"x"}}"#,
        &["/version", "/target/node_id"],
    ),
    (
        "redeploy_environment",
        r#"{"version":"8","target":{"node_group":"cp"}}"#,
        &["/keeps_volumes"],
    ),
    ("attach_group", r#"{"group":"a//b"}"#, &["/group"]),
    ("detach_group", r#"{"group":""}"#, &["/group"]),
    ("set_group", r#"{"group":"a,b"}"#, &["/group"]),
    ("bind_domain", r#"{"domain":"shop"}"#, &["/domain"]),
    (
        "bind_domain",
        r#"{"domain":"Shop.example.com"}"#,
        &["/domain"],
    ),
    ("put_topology", r#"{"layers":[]}"#, &["/layers"]),
    (
        "put_topology",
        r#"{"layers":[{"node_group":"c p","stack":"a b","version":"-","count":1,"cloudlets_reserved":1,"cloudlets_limit":1}]}"#,
        &[
            "/layers/0/node_group",
            "/layers/0/stack",
            "/layers/0/version",
        ],
    ),
    (
        "put_topology",
        r#"{"layers":[{"node_group":"cp","stack":"nginxphp","count":-1,"cloudlets_reserved":1,"cloudlets_limit":1}]}"#,
        &["/layers/0/count"],
    ),
    (
        "put_cloudlets",
        r#"{"reserved":9,"limit":8}"#,
        &["/reserved"],
    ),
    (
        "put_display_name",
        r#"{"display_name":""}"#,
        &["/display_name"],
    ),
    ("put_cloudlets", r#"{"reserved":1}"#, &["/limit"]),
    (
        "add_mount_point",
        r#"{"node_id":"1","path":"shared","source_environment_id":"2","source_node_id":"3","source_path":"/a/../b","name":" "}"#,
        &[
            "/node_id",
            "/path",
            "/source_environment_id",
            "/source_node_id",
            "/source_path",
            "/name",
        ],
    ),
    (
        "remove_mount_point",
        r#"{"node_id":"1","path":""}"#,
        &["/node_id", "/path"],
    ),
    (
        "add_variables",
        r#"{"node_id":"1","variables":{"1A":"hunter2","A/B":"hunter2"}}"#,
        &["/node_id", "/variables/1A", "/variables/A~1B"],
    ),
    (
        "add_variables",
        r#"{"node_id":"node_0000000000000000000000000a","variables":{}}"#,
        &["/variables"],
    ),
    (
        "replace_variables",
        r#"{"node_id":"node_0000000000000000000000000a","variables":{"A":"hunter2\nB=1"}}"#,
        &["/variables"],
    ),
    (
        "replace_variables",
        r#"{"node_id":"node_0000000000000000000000000a","variables":{"A":"hunter2","A":"x"}}"#,
        &["/variables/A"],
    ),
    (
        "replace_variables",
        r#"{"node_id":"node_0000000000000000000000000a","variables":"hunter2"}"#,
        &["/variables"],
    ),
    (
        "remove_variables",
        r#"{"node_id":"1","names":["A","B-C"]}"#,
        &["/node_id", "/names/1"],
    ),
    (
        "remove_variables",
        r#"{"node_id":"node_0000000000000000000000000a","names":[]}"#,
        &["/names"],
    ),
    (
        "reset_node_password",
        r#"{"of":"root","password":"hunter2\n"}"#,
        &["/password"],
    ),
    (
        "reset_node_password",
        r#"{"of":"admin","password":"hunter2"}"#,
        &["/of"],
    ),
    (
        "run_cache_action",
        r#"{"parameters":{"t t":"60"}}"#,
        &["/parameters/t t"],
    ),
    (
        "run_cache_action",
        r#"{"parameters":{"unknown":"60"}}"#,
        &["/parameters"],
    ),
    (
        "search_replace",
        r#"{"search":"--all","replacement":"-x"}"#,
        &["/search", "/replacement"],
    ),
    (
        "search_replace",
        r#"{"search":"a","replacement":"a"}"#,
        &["/search"],
    ),
    (
        "restore_backup",
        r#"{"snapshot":"-rf hunter2"}"#,
        &["/snapshot"],
    ),
    ("run_script", r#"{"script":"a b"}"#, &["/script"]),
    ("create_team", r#"{"name":" "}"#, &["/name"]),
    ("update_team", r#"{"name":"a\u0000b"}"#, &["/name"]),
    (
        "delete_team",
        r#"{"confirmation_token":["hunter2"]}"#,
        &["/confirmation_token"],
    ),
    ("put_member_role", r#"{"role_id":"owner"}"#, &["/role_id"]),
    (
        "create_role",
        r#"{"name":"","permissions":["team.view","env.fly","team.delete","env.view","env.view"]}"#,
        &[
            "/name",
            "/permissions/1",
            "/permissions/4",
            "/permissions/2",
        ],
    ),
    (
        "put_role",
        r#"{"name":"operations","permissions":["env.view"]}"#,
        &["/permissions"],
    ),
    (
        "create_invitation",
        r#"{"email":"bert","role_id":"viewer"}"#,
        &["/email", "/role_id"],
    ),
    ("accept_invitation", r#"{"token":1}"#, &["/token"]),
    (
        "create_api_token",
        r#"{"label":"","scopes":["*"],"expires_at":"tomorrow","allowed_networks":["192.0.2.0/24","192.0.2.1/24"]}"#,
        &["/label", "/scopes/0", "/expires_at", "/allowed_networks/1"],
    ),
    (
        "create_api_token",
        r#"{"label":"ci","scopes":[],"expires_at":"2100-01-01T00:00:00Z"}"#,
        &["/scopes"],
    ),
    (
        "create_api_token",
        r#"{"label":"ci","scopes":["env.view"],"expires_at":"2020-01-01T00:00:00Z"}"#,
        &["/expires_at"],
    ),
    (
        "create_api_token",
        r#"{"label":"ci","scopes":["env.view"],"expires_at":"2100-01-01T00:00:00Z"}"#,
        &["/expires_at"],
    ),
    (
        "create_api_token",
        r#"{"label":"ci","scopes":["env.view"]}"#,
        &["/expires_at"],
    ),
    ("put_ownership_offer", r#"{"user_id":"me"}"#, &["/user_id"]),
    ("pause_team", r#"{"reason":""}"#, &["/reason"]),
    ("pause_platform", r#"{"reason":""}"#, &["/reason"]),
    ("suspend_team", r#"{"reason":""}"#, &["/reason"]),
    ("resume_team", r#"{"reason":"a\nb"}"#, &["/reason"]),
];

#[tokio::test]
async fn what_is_wrong_with_a_body_is_pointed_at_without_repeating_values() {
    for (id, body, pointers) in WRONG {
        let mut api = TestApi::new();
        let standing = Standing::begin(&mut api, &[Software::Mbadmin]);
        let answer = operation(id).send(&api.client(), &[], body).await;
        answer.assert_problem(422, "validation-failed");
        let found: Vec<_> = answer.body["errors"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|fault| fault["pointer"].as_str().expect("a pointer"))
            .collect();
        assert_eq!(&found, pointers, "{id} {body}: {}", answer.text);
        assert!(!answer.text.contains("hunter2"), "{}", answer.text);
        assert_eq!(standing.jobs(), [], "{id}");
    }
}

#[tokio::test]
async fn every_body_is_checked_field_by_field() {
    let team = TestApi::new().team.to_string();
    let is_checked = |id: &str| WRONG.iter().any(|(known, _, _)| *known == id);
    for operation in operations(&team) {
        // Those three have tests of their own.
        let elsewhere = [
            "create_environment",
            "install_addon",
            "put_platform_account",
        ];
        let is_elsewhere = elsewhere.contains(&&*operation.id);
        assert!(
            !operation.has_body || is_elsewhere || is_checked(&operation.id),
            "`{}` has no wrong body in WRONG",
            operation.id
        );
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_path_is_pointed_at() {
    let cases = [
        ("unbind_domain", "shop.example.com", "shop", "domain"),
        ("uninstall_addon", "/lets_encrypt", "/magic", "addon"),
        ("run_cache_action", "/redis/", "/disk/", "feature"),
        ("run_cache_action", "/flush", "/burn", "verb"),
        ("put_cloudlets", NODE, "11", "node_id"),
        ("reset_node_password", NODE, "node_1", "node_id"),
        ("get_member", "/user_", "/team_", "user_id"),
        ("get_role", "/role_", "/role-", "role_id"),
        ("get_webhook", "/hook_", "/hook-", "webhook_id"),
        ("get_webhook_delivery", "/dlv_", "/dlv-", "delivery_id"),
        ("revoke_invitation", "/inv_", "/tok_", "invitation_id"),
        ("get_api_token", "/tok_", "/", "token_id"),
    ];
    for (id, right, wrong, pointer) in cases {
        let mut operation = operation(id);
        operation.path = operation.path.replace(right, wrong);
        let client = TestApi::new().client();
        let answer = operation.send(&client, &[], operation.body()).await;
        answer.assert_problem(422, "validation-failed");
        answer.assert_fault("path", pointer);
    }
}

#[tokio::test]
async fn another_verb_of_a_cache_is_another_request_under_the_same_key() {
    let mut api = TestApi::new();
    Standing::begin(&mut api, &[Software::Mbadmin]);
    let client = api.client();
    let mut operation = operation("run_cache_action");
    let first = operation.send(&client, &[], "{}").await;
    assert_eq!(first.status, StatusCode::ACCEPTED, "{}", first.text);
    operation.path = operation.path.replace("/flush", "/enable");
    let other = operation.send(&client, &[], "{}").await;
    other.assert_problem(422, "idempotency-key-reused");
}

#[tokio::test]
async fn a_node_that_is_not_there_is_a_conflict() {
    let unknown = "node_0000000000000000000000000z";
    for id in [
        "put_cloudlets",
        "reset_node_password",
        "add_mount_point",
        "remove_mount_point",
        "add_variables",
        "remove_variables",
        "redeploy_environment",
    ] {
        let mut api = TestApi::new();
        let standing = Standing::begin(&mut api, &[]);
        let mut operation = operation(id);
        operation.path = operation.path.replace(NODE, unknown);
        let body = operation.body().replace(NODE, unknown);
        let answer = operation.send(&api.client(), &[], &body).await;
        answer.assert_problem(409, "node-not-found");
        assert_eq!(standing.jobs(), [], "{id}");
    }
}

#[tokio::test]
async fn what_happens_inside_needs_a_running_environment() {
    for id in [
        "restart_environment",
        "redeploy_environment",
        "clone_environment",
        "reset_node_password",
        "search_replace",
        "create_backup",
        "restore_backup",
        "run_script",
        "run_cache_action",
    ] {
        let mut api = TestApi::new();
        let state = EnvironmentState::Stopped;
        let standing = Standing::begin_in(&mut api, state, &[Software::Mbadmin]);
        let operation = operation(id);
        let answer = operation.send(&api.client(), &[], operation.body()).await;
        answer.assert_problem(409, "environment-not-running");
        assert_eq!(standing.jobs(), [], "{id}");
    }
}

#[tokio::test]
async fn what_is_not_installed_cannot_be_uninstalled_or_used() {
    for id in [
        "uninstall_addon",
        "run_cache_action",
        "create_backup",
        "restore_backup",
    ] {
        let mut api = TestApi::new();
        Standing::begin(&mut api, &[Software::Addon(Addon::Sftp)]);
        let operation = operation(id);
        let answer = operation.send(&api.client(), &[], operation.body()).await;
        answer.assert_problem(409, "addon-not-installed");
    }
}

#[tokio::test]
async fn the_body_decides_what_kind_of_job_it_becomes() {
    let cases = [
        ("search_replace", "{}", JobKind::SearchReplaceRun),
        (
            "search_replace",
            r#"{"dry_run":true}"#,
            JobKind::SearchReplaceCount,
        ),
        (
            "restart_environment",
            r#"{"target":"all"}"#,
            JobKind::EnvironmentRestart,
        ),
    ];
    for (id, changed, kind) in cases {
        let mut api = TestApi::new();
        let standing = Standing::begin(&mut api, &[]);
        let operation = operation(id);
        let mut body: serde_json::Value =
            serde_json::from_str(operation.body()).expect("a right body");
        let changed: serde_json::Value = serde_json::from_str(changed).expect("JSON");
        for (field, value) in changed.as_object().expect("an object") {
            body[field] = value.clone();
        }
        let answer = operation.send(&api.client(), &[], &body.to_string()).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
        assert_eq!(standing.jobs()[0].kind, kind, "{id}");
    }
}
