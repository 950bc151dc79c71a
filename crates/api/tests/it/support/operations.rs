//! Every operation of the OpenAPI document with a body that is right for it, so that a new one is
//! tested the moment it exists.

use super::fakes::GOOD_SESSION;
use super::{Answer, Client, request};
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
    ("run_script", r#"{"script":"warm-up"}"#),
];

/// Who may call an operation, as the document says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Policy {
    /// Who has the permission in the team of the path.
    Permission(String),
    /// A person who signed in with a browser.
    Session,
    /// One of those who run the service.
    Operator,
    /// Whoever has a good credential.
    AnyCredential,
    /// Anybody.
    Public,
}

impl Policy {
    /// Exactly one policy stands at every operation.
    fn of(operation: &Value) -> Self {
        let says = |name: &str| operation[name] == true;
        let permission = operation["x-required-permission"].as_str();
        let mut found: Vec<_> = permission
            .map(|slug| Self::Permission(slug.to_owned()))
            .into_iter()
            .collect();
        let flags = [
            ("x-required-session", Self::Session),
            ("x-required-operator", Self::Operator),
            ("x-any-credential", Self::AnyCredential),
            ("x-public", Self::Public),
        ];
        found.extend(
            flags
                .into_iter()
                .filter_map(|(name, it)| says(name).then_some(it)),
        );
        assert_eq!(
            found.len(),
            1,
            "one policy: {found:?} at {}",
            operation["operationId"]
        );
        found.remove(0)
    }
}

/// One operation of the document.
#[derive(Clone)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: Method,
    /// With ids of the known team and of things that need not exist.
    pub(crate) path: String,
    pub(crate) policy: Policy,
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
                .replace("{session_id}", "sess_0000000000000000000000000a")
                .replace("{job_id}", "job_0000000000000000000000000a");
            assert!(
                !path.contains('{'),
                "{path}: nothing stands for a parameter"
            );
            let mut parameters = operation["parameters"].as_array().into_iter().flatten();
            let policy = Policy::of(operation);
            let is_of_team = matches!(policy, Policy::Permission(_));
            operations.push(Operation {
                id: operation["operationId"].as_str().expect("an id").to_owned(),
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

    /// Sends it with a key and these headers; unless they bring a credential, with one of the kind that
    /// it takes.
    pub(crate) async fn send(
        &self,
        client: &Client,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut all = vec![("idempotency-key", "key-1")];
        all.extend_from_slice(headers);
        let cookie = format!("__Host-windlass={GOOD_SESSION}");
        let csrf = format!("csrf of {GOOD_SESSION}");
        let is_given = |(name, _): &(&str, &str)| *name == "authorization" || *name == "cookie";
        let takes_session = matches!(self.policy, Policy::Session | Policy::Operator);
        if takes_session && !headers.iter().any(is_given) {
            all.push(("authorization", ""));
            all.push(("cookie", &cookie));
            all.push(("x-csrf-token", &csrf));
        }
        let method = self.method.clone();
        client.send(request(method, &self.path, &all, body)).await
    }
}
