//! Every operation of the OpenAPI document with a body that is right for it, so that a new one is
//! tested the moment it exists.

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

/// One operation of the document.
#[derive(Clone)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: Method,
    /// With ids of the known team and of things that need not exist.
    pub(crate) path: String,
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
                .replace("{job_id}", "job_0000000000000000000000000a");
            assert!(
                !path.contains('{'),
                "{path}: nothing stands for a parameter"
            );
            let mut parameters = operation["parameters"].as_array().into_iter().flatten();
            operations.push(Operation {
                id: operation["operationId"].as_str().expect("an id").to_owned(),
                method: method.to_uppercase().parse().expect("a method"),
                path,
                permission: operation["x-required-permission"]
                    .as_str()
                    .map(str::to_owned),
                has_body: operation.get("requestBody").is_some(),
                takes_key: parameters.any(|it| it["name"] == "Idempotency-Key"),
                gives_job: operation["responses"].get("202").is_some(),
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

    /// Sends it with a key and these headers.
    pub(crate) async fn send(
        &self,
        client: &Client,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut all = vec![("idempotency-key", "key-1")];
        all.extend_from_slice(headers);
        let method = self.method.clone();
        client.send(request(method, &self.path, &all, body)).await
    }
}
