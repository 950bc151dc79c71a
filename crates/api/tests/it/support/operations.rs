//! Every operation of the OpenAPI document with a body that is right for it, so that a new one is
//! tested the moment it exists.

use super::{Answer, Client, GOOD_SESSION, OPERATOR_SESSION, request};
use http::Method;
use serde_json::Value;

/// The environment in every path; tests make it exist where it has to.
pub(crate) const ENVIRONMENT: &str = "env_0000000000000000000000000a";
/// A node of it.
pub(crate) const NODE: &str = "node_0000000000000000000000000a";
/// Another node of it.
pub(crate) const OTHER_NODE: &str = "node_0000000000000000000000000b";

/// A body for every operation that takes one. Values that must not be told on are `hunter2`.
const BODIES: &[(&str, &str)] = &[
    (
        "register",
        r#"{"email":"anna@example.com","password":"hunter2 hunter2","name":"Anna"}"#,
    ),
    ("verify_email", r#"{"token":"wdl_verify_hunter2"}"#),
    ("resend_verification", r#"{"email":"anna@example.com"}"#),
    (
        "sign_in",
        r#"{"email":"anna@example.com","password":"hunter2 hunter2"}"#,
    ),
    ("step_up", r#"{"password":"hunter2 hunter2"}"#),
    ("request_password_reset", r#"{"email":"anna@example.com"}"#),
    (
        "complete_password_reset",
        r#"{"token":"wdl_reset_hunter2","password":"hunter2 hunter2"}"#,
    ),
    (
        "change_password",
        r#"{"current_password":"hunter2","password":"hunter2 hunter2"}"#,
    ),
    ("confirm_second_factor", r#"{"code":"123456"}"#),
    (
        "put_platform_account",
        r#"{"platform":"main","credential":{"kind":"access_token","token":"hunter2"}}"#,
    ),
    (
        "create_environment",
        r#"{"name":"shop","blueprint":"wordpress"}"#,
    ),
    ("clone_environment", r#"{"name":"copy"}"#),
    (
        "restart_environment",
        r#"{"what":"services","target":{"node_group":"cp"}}"#,
    ),
    (
        "redeploy_environment",
        r#"{"version":"8.3","keeps_volumes":true,"target":{"node_id":"node_0000000000000000000000000a"}}"#,
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
        r#"{"node_id":"node_0000000000000000000000000a","path":"/shared","source_node_id":"node_0000000000000000000000000b","source_path":"/data"}"#,
    ),
    (
        "remove_mount_point",
        r#"{"node_id":"node_0000000000000000000000000a","path":"/shared"}"#,
    ),
    (
        "add_variables",
        r#"{"node_id":"node_0000000000000000000000000a","variables":{"APP_KEY":"hunter2"}}"#,
    ),
    (
        "replace_variables",
        r#"{"node_id":"node_0000000000000000000000000a","variables":{"APP_KEY":"hunter2"}}"#,
    ),
    (
        "remove_variables",
        r#"{"node_id":"node_0000000000000000000000000a","names":["APP_KEY"]}"#,
    ),
    (
        "reset_node_password",
        r#"{"of":"main_user","password":"hunter2"}"#,
    ),
    ("install_addon", r#"{"addon":"sftp"}"#),
    ("run_cache_action", r#"{"parameters":{"ttl":"60"}}"#),
    (
        "search_replace",
        r#"{"search":"http://","replacement":"https://"}"#,
    ),
    ("restore_backup", r#"{"snapshot":"2026-01-02_0304"}"#),
    ("run_script", r#"{"script":"warm-up"}"#),
    ("create_team", r#"{"name":"Example team"}"#),
    ("update_team", r#"{"name":"Example team"}"#),
    (
        "delete_team",
        r#"{"confirmation_token":"wdl_delete_hunter2"}"#,
    ),
    (
        "put_member_role",
        r#"{"role_id":"role_0000000000000000000000000a"}"#,
    ),
    (
        "create_role",
        r#"{"name":"operations","permissions":["team.view","env.restart"]}"#,
    ),
    (
        "put_role",
        r#"{"name":"operations","permissions":["team.view","env.restart"]}"#,
    ),
    (
        "create_invitation",
        r#"{"email":"bert@example.com","role_id":"role_0000000000000000000000000a"}"#,
    ),
    ("accept_invitation", r#"{"token":"wdl_invite_hunter2"}"#),
    (
        "create_api_token",
        r#"{"label":"deployment","scopes":["env.view"],"expires_at":"2100-01-01T00:00:00Z"}"#,
    ),
    (
        "create_webhook",
        r#"{"url":"https://hooks.example.com/in","event_types":["job.failed"]}"#,
    ),
    (
        "put_webhook",
        r#"{"url":"https://hooks.example.com/in","description":"chat"}"#,
    ),
    (
        "put_ownership_offer",
        r#"{"user_id":"user_0000000000000000000000000a"}"#,
    ),
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

/// Whom an operation is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Policy {
    /// Members of the team in the path who have this permission.
    Permission(String),
    /// People who signed in with a browser.
    Session,
    /// Those who run the service, signed in with a browser.
    Operator,
    /// Whoever has a good credential.
    AnyCredential,
    /// Anybody.
    Public,
}

impl Policy {
    /// What the document says; exactly one thing.
    fn of(operation: &Value) -> Self {
        let is = |name: &str| operation[name] == true;
        let permission = operation["x-required-permission"].as_str();
        let mut policies = permission
            .map(|permission| Self::Permission(permission.to_owned()))
            .into_iter()
            .chain(is("x-required-session").then_some(Self::Session))
            .chain(is("x-required-operator").then_some(Self::Operator))
            .chain(is("x-any-credential").then_some(Self::AnyCredential))
            .chain(is("x-public").then_some(Self::Public));
        match (policies.next(), policies.next()) {
            (Some(policy), None) => policy,
            found => panic!("{}: not one policy: {found:?}", operation["operationId"]),
        }
    }

    /// Whose session is good for it, when it takes no API token.
    fn session(&self) -> Option<&'static str> {
        match self {
            Self::Session => Some(GOOD_SESSION),
            Self::Operator => Some(OPERATOR_SESSION),
            Self::Permission(_) | Self::AnyCredential | Self::Public => None,
        }
    }
}

/// One operation of the document.
#[derive(Clone)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: Method,
    /// With ids of the known team and of things that need not exist.
    pub(crate) path: String,
    /// What it cannot do without, with its question mark.
    pub(crate) query: &'static str,
    pub(crate) policy: Policy,
    /// The same, when it is one.
    pub(crate) permission: Option<String>,
    pub(crate) has_body: bool,
    /// Whether it takes an `Idempotency-Key`.
    pub(crate) takes_key: bool,
    /// Whether it answers with a job that was accepted.
    pub(crate) gives_job: bool,
}

/// All operations, in paths of that team.
pub(crate) fn operations(team: &str) -> Vec<Operation> {
    let document: Value = serde_json::from_str(&api::documents::openapi_json()).expect("JSON");
    let paths = document["paths"].as_object().expect("paths");
    let mut operations = Vec::new();
    for (pattern, item) in paths {
        for (method, operation) in item.as_object().expect("operations") {
            let path = pattern
                .replace("{team_id}", team)
                .replace("{environment_id}", ENVIRONMENT)
                .replace("{node_id}", NODE)
                .replace("{domain}", "shop.example.com")
                .replace("{addon}", "lets_encrypt")
                .replace("{feature}", "redis")
                .replace("{verb}", "flush")
                .replace("{user_id}", "user_0000000000000000000000000a")
                .replace("{role_id}", "role_0000000000000000000000000a")
                .replace("{invitation_id}", "inv_0000000000000000000000000a")
                .replace("{token_id}", "tok_0000000000000000000000000a")
                .replace("{webhook_id}", "hook_0000000000000000000000000a")
                .replace("{delivery_id}", "dlv_0000000000000000000000000a")
                .replace("{platform}", "example-platform")
                .replace("{session_id}", "sess_0000000000000000000000000a")
                .replace("{job_id}", "job_0000000000000000000000000a");
            assert!(
                !path.contains('{'),
                "{path}: nothing stands for a parameter"
            );
            let id = operation["operationId"].as_str().expect("an id");
            let query = QUERIES.iter().find(|(known, _)| *known == id);
            let mut parameters = operation["parameters"].as_array().into_iter().flatten();
            let policy = Policy::of(operation);
            let is_of_team = matches!(policy, Policy::Permission(_));
            operations.push(Operation {
                id: id.to_owned(),
                query: query.map_or("", |(_, query)| *query),
                method: method.to_uppercase().parse().expect("a method"),
                path,
                permission: operation["x-required-permission"]
                    .as_str()
                    .map(str::to_owned),
                policy,
                has_body: operation.get("requestBody").is_some(),
                takes_key: parameters.any(|it| it["name"] == "Idempotency-Key"),
                gives_job: is_of_team && operation["responses"].get("202").is_some(),
            });
        }
    }
    operations
}

impl Operation {
    /// A right body. An operation that takes one and is not listed fails its tests.
    pub(crate) fn body(&self) -> &'static str {
        if !self.has_body {
            return "";
        }
        let found = BODIES.iter().find(|(id, _)| *id == self.id);
        found.map_or_else(
            || panic!("`{}` takes a body and BODIES has none", self.id),
            |(_, body)| body,
        )
    }

    /// Whether it needs a credential.
    pub(crate) fn is_guarded(&self) -> bool {
        self.policy != Policy::Public
    }

    /// Sends it with a key and these headers, with a credential that is good for it unless they have
    /// one.
    pub(crate) async fn send(
        &self,
        client: &Client,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut all = vec![("idempotency-key", "key-1")];
        let (cookie, csrf);
        let brings_own = |it: &(&str, &str)| ["authorization", "cookie"].contains(&it.0);
        if let Some(session) = self.policy.session()
            && !headers.iter().any(brings_own)
        {
            cookie = format!("__Host-windlass={session}");
            csrf = format!("csrf of {session}");
            all.extend([
                ("authorization", ""),
                ("cookie", cookie.as_str()),
                ("x-csrf-token", csrf.as_str()),
            ]);
        }
        all.extend_from_slice(headers);
        let method = self.method.clone();
        let path = format!("{}{}", self.path, self.query);
        client.send(request(method, &path, &all, body)).await
    }
}
