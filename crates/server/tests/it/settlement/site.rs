//! A site to try things on, and the platform it is on.

use super::Request;
use crate::support::{App, Caller};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use virtuozzo_simulator::World;

/// What the example world lacks: a package with actions, and a script.
const MORE: &str = r#"
[[marketplace]]
id = "example-mbadmin"
name = "Example mbadmin"
kind = "package"
manifest = "https://packages.example.com/mbadmin/manifest.yaml"

[marketplace.actions.exampleFlush]
result = 0

[marketplace.actions.exampleConfigure]
result = 0

[[manifests]]
url = "https://packages.example.com/mbadmin/manifest.yaml"
text = """
type: update
id: example-mbadmin
name: Example mbadmin
"""

[[scripts]]
name = "example-warm-up"
"#;

/// The example world with everything that configuration maps.
pub(super) fn world() -> World {
    let text = format!("{}\n{MORE}", World::EXAMPLE_TOML);
    World::from_toml(&text).expect("a world with more in it")
}

/// How often a database was changed by a search and replace.
pub(super) fn replacements(app: &App) -> usize {
    let journal = app.simulator.journal();
    let nodes: BTreeSet<u64> = journal
        .iter()
        .filter(|entry| entry.method == "execcmdbyid")
        .filter_map(|entry| entry.parameters.get("nodeId")?.parse().ok())
        .collect();
    let calls = nodes
        .into_iter()
        .flat_map(|node| app.simulator.wp_calls(node));
    let has = |call: &[String], word: &str| call.iter().any(|argument| argument == word);
    calls
        .filter(|call| has(call, "search-replace") && !has(call, "--dry-run"))
        .count()
}

/// An environment of its own for one cell of the table.
pub(super) struct Site<'a> {
    owner: &'a Caller,
    pub(super) number: usize,
    id: String,
    nodes: BTreeMap<String, String>,
}

impl<'a> Site<'a> {
    /// A running environment with an application and a database layer.
    pub(super) async fn provision(app: &'a App, number: usize) -> Self {
        let owner = &app.owner;
        let accepted = owner
            .provision(&format!("site-{number}"), "two-layers", &[])
            .await;
        let job = owner
            .job_at_rest(accepted["id"].as_str().expect("an id"))
            .await;
        assert_eq!(job["state"], "succeeded", "{job}\n{}", app.logs());
        let id = job["environment_id"].as_str().expect("an environment");
        let mut site = Self {
            owner,
            number,
            id: id.to_owned(),
            nodes: BTreeMap::new(),
        };
        let shown = site.environment(id).await;
        for node in shown["nodes"].as_array().expect("a list") {
            let text = |field: &str| node[field].as_str().expect("a text").to_owned();
            site.nodes.insert(text("node_group"), text("id"));
        }
        site
    }

    /// The node of a layer.
    pub(super) fn node(&self, layer: &str) -> &str {
        &self.nodes[layer]
    }

    /// A wish about the team.
    pub(super) fn post_to_team(path: &str, body: Value) -> Request {
        Request {
            method: Method::POST,
            path: path.to_owned(),
            body,
        }
    }

    /// A wish about the environment; `path` is what follows it.
    pub(super) fn wish(&self, method: Method, path: &str, body: Value) -> Request {
        Request {
            method,
            path: format!("/environments/{}{path}", self.id),
            body,
        }
    }

    /// `POST` with a body.
    pub(super) fn post(&self, path: &str, body: Value) -> Request {
        self.wish(Method::POST, path, body)
    }

    /// The job of an accepted wish, once it has come to rest.
    pub(super) async fn rest(&self, wish: Request) -> Value {
        let body = match wish.body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        let key = format!("{} {} {body}", wish.method, wish.path);
        let key: String = key
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .take(200)
            .collect();
        let path = self.owner.path(&wish.path);
        let headers = [("idempotency-key", key.as_str())];
        let answer = self.owner.send(wish.method, &path, &headers, body).await;
        assert_eq!(
            answer.status,
            StatusCode::ACCEPTED,
            "{path}: {}",
            answer.body
        );
        let id = answer.body["id"].as_str().expect("an id");
        self.owner.job_at_rest(id).await
    }

    /// An environment as it is shown.
    pub(super) async fn environment(&self, id: &str) -> Value {
        let path = self.owner.path(&format!("/environments/{id}"));
        let answer = self.owner.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.body
    }
}

/// A group that only this site is in.
pub(super) fn group(site: &Site<'_>) -> Value {
    json!({"group": format!("examples/{}", site.number)})
}

/// A domain that only this site has.
pub(super) fn domain(site: &Site<'_>) -> String {
    format!("site-{}.example.com", site.number)
}
