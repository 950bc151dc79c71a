//! A site to try things on, and the platform it is on.

use super::Request;
use crate::support::{Answer, App, Caller};
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
pub(crate) fn world() -> World {
    let many = World::EXAMPLE_TOML.replace("maxcount\" = 50", "maxcount\" = 500");
    let text = format!("{many}\n{MORE}");
    World::from_toml(&text).expect("a world with more in it")
}

/// How often a database was changed by a search and replace.
pub(crate) fn replacements(app: &App) -> usize {
    let is_replacement =
        |call: &&String| call.contains("search-replace") && !call.contains("--dry-run");
    let calls = tool_calls(app);
    calls
        .keys()
        .filter(is_replacement)
        .map(|call| calls[call])
        .sum()
}

/// Every command of the sites' own tool that ran, and how often.
pub(crate) fn tool_calls(app: &App) -> BTreeMap<String, usize> {
    let journal = app.simulator.journal();
    let nodes: BTreeSet<u64> = journal
        .iter()
        .filter(|entry| entry.method == "execcmdbyid")
        .filter_map(|entry| entry.parameters.get("nodeId")?.parse().ok())
        .collect();
    let mut calls = BTreeMap::new();
    for call in nodes
        .into_iter()
        .flat_map(|node| app.simulator.wp_calls(node))
    {
        *calls.entry(call.join(" ")).or_default() += 1;
    }
    calls
}

/// An environment of its own for one cell of the table.
pub(crate) struct Site {
    owner: Caller,
    pub(crate) number: usize,
    id: String,
    nodes: BTreeMap<String, String>,
}

impl Site {
    /// A running environment with an application and a database layer.
    pub(crate) async fn provision(app: &App, number: usize) -> Self {
        let owner = app.owner.clone();
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
    pub(crate) fn node(&self, layer: &str) -> &str {
        &self.nodes[layer]
    }

    /// A wish about the team.
    pub(crate) fn post_to_team(path: &str, body: Value) -> Request {
        Request {
            method: Method::POST,
            path: path.to_owned(),
            body,
        }
    }

    /// A wish about the environment; `path` is what follows it.
    pub(crate) fn wish(&self, method: Method, path: &str, body: Value) -> Request {
        Request {
            method,
            path: format!("/environments/{}{path}", self.id),
            body,
        }
    }

    /// `POST` with a body.
    pub(crate) fn post(&self, path: &str, body: Value) -> Request {
        self.wish(Method::POST, path, body)
    }

    /// The job of an accepted wish, once it has come to rest.
    pub(crate) async fn rest(&self, wish: Request) -> Value {
        let path = wish.path.clone();
        let answer = self.ask(wish).await;
        assert_eq!(
            answer.status,
            StatusCode::ACCEPTED,
            "{path}: {}",
            answer.body
        );
        let id = answer.body["id"].as_str().expect("an id");
        self.owner.job_at_rest(id).await
    }

    /// The answer to a wish. The same wish of the same site has the same key.
    pub(crate) async fn ask(&self, wish: Request) -> Answer {
        self.try_to_ask(wish).await.expect("the server answers")
    }

    /// The same; none when the connection broke before an answer came.
    pub(crate) async fn try_to_ask(&self, wish: Request) -> Option<Answer> {
        let body = match wish.body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        let key = format!("{} {} {} {body}", self.number, wish.method, wish.path);
        let key: String = key
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .take(200)
            .collect();
        let path = self.owner.path(&wish.path);
        let headers = [("idempotency-key", key.as_str())];
        self.owner
            .try_to_send(&wish.method, &path, &headers, &body)
            .await
    }

    /// The same site, after its server came back somewhere else.
    pub(crate) fn move_to(&mut self, owner: &Caller) {
        self.owner = owner.clone();
    }

    /// Who speaks for its team.
    pub(crate) fn owner(&self) -> &Caller {
        &self.owner
    }

    /// The environment.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// An environment as it is shown.
    pub(crate) async fn environment(&self, id: &str) -> Value {
        let path = self.owner.path(&format!("/environments/{id}"));
        let answer = self.owner.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.body
    }
}

/// A group that only this site is in.
pub(crate) fn group(site: &Site) -> Value {
    json!({"group": format!("examples/{}", site.number)})
}

/// A domain that only this site has.
pub(crate) fn domain(site: &Site) -> String {
    format!("site-{}.example.com", site.number)
}
