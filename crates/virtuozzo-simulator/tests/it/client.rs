//! A small HTTP client and the steps that most tests begin with.
//!
//! It must not hide answers: every call gives back status, content type and text.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use virtuozzo_simulator::{Simulator, SimulatorOptions, World};

pub(crate) const NODES: &str = r#"[{"nodeType":"nginxphp-dockerized"},{"nodeType":"mysql8"}]"#;

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

/// A client signed in on a simulator; cheap to clone.
#[derive(Clone)]
pub(crate) struct Platform {
    http: Client<HttpConnector, Full<Bytes>>,
    pub(crate) base_url: String,
    pub(crate) session: String,
}

/// A simulator with the example world whose work takes no time.
pub(crate) async fn start_instant() -> (Simulator, Platform) {
    start_with(World::example(), 0.0).await
}

/// A simulator whose clock stands still: work that takes time waits for `advance`.
pub(crate) async fn start_frozen() -> (Simulator, Platform) {
    let (simulator, platform) = start_with(World::example(), 1.0).await;
    simulator.clock().freeze();
    (simulator, platform)
}

pub(crate) async fn start_with(world: World, time_scale: f64) -> (Simulator, Platform) {
    let account = world.accounts[0].clone();
    let options = SimulatorOptions {
        world,
        time_scale,
        ..SimulatorOptions::default()
    };
    let simulator = Simulator::start(options).await.unwrap();
    let mut platform = Platform::unsigned(&simulator.base_url());
    platform.session = platform
        .sign_in(&account.login, account.password.reveal())
        .await;
    (simulator, platform)
}

/// The example world and, after it, more TOML.
pub(crate) fn world_with(addition: &str) -> World {
    World::from_toml(&format!("{}\n{addition}", World::EXAMPLE_TOML)).unwrap()
}

/// An environment `shop-fr` of the first account in this status.
pub(crate) fn shop(status: u16) -> String {
    format!(
        "[[environments]]\nname = \"shop-fr\"\nuid = 4127\nstatus = {status}\n\
         node_types = [\"nginxphp-dockerized\", \"mysql8\"]\n"
    )
}

/// An account beside the first one, with the password `pw`.
pub(crate) const OTHER_ACCOUNT: &str =
    "[[accounts]]\nuid = 9001\nlogin = \"other@example.com\"\npassword = \"pw\"\n";

impl Platform {
    pub(crate) fn unsigned(base_url: &str) -> Self {
        let http = Client::builder(TokioExecutor::new())
            .retry_canceled_requests(false)
            .build(HttpConnector::new());
        Self {
            http,
            base_url: base_url.to_owned(),
            session: String::new(),
        }
    }

    pub(crate) fn with_session(&self, session: &str) -> Self {
        Self {
            session: session.to_owned(),
            ..self.clone()
        }
    }

    pub(crate) async fn sign_in(&self, login: &str, password: &str) -> String {
        let answer = self
            .call(
                "users/authentication",
                "signin",
                &[("login", login), ("password", password)],
            )
            .await;
        answer["session"]
            .as_str()
            .unwrap_or_else(|| panic!("{answer}"))
            .to_owned()
    }

    /// POST with a form; the answer must be JSON with status 200.
    pub(crate) async fn call(&self, service: &str, method: &str, form: &[(&str, &str)]) -> Value {
        let reply = self.try_call(service, method, form).await.unwrap();
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_eq!(reply.content_type, "application/json");
        reply.json()
    }

    /// POST with a form; `Err` when the connection closed without an answer.
    pub(crate) async fn try_call(
        &self,
        service: &str,
        method: &str,
        form: &[(&str, &str)],
    ) -> Result<Reply, String> {
        let path = format!("/1.0/{service}/rest/{method}");
        self.request(&Method::POST, &path, self.encode(form)).await
    }

    fn encode(&self, form: &[(&str, &str)]) -> String {
        let mut fields = form_urlencoded::Serializer::new(String::new());
        fields.extend_pairs(form);
        if !self.session.is_empty() {
            fields.append_pair("session", &self.session);
        }
        fields.finish()
    }

    pub(crate) async fn request(
        &self,
        method: &Method,
        path_and_query: &str,
        body: String,
    ) -> Result<Reply, String> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path_and_query}", self.base_url))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Full::new(Bytes::from(body)))
            .unwrap();
        let response = self
            .http
            .request(request)
            .await
            .map_err(|error| format!("{error:?}"))?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let content_type = headers["content-type"].to_str().unwrap().to_owned();
        let body = response
            .into_body()
            .collect()
            .await
            .map_err(|error| error.to_string())?;
        let text = String::from_utf8(body.to_bytes().to_vec()).unwrap();
        Ok(Reply {
            status,
            content_type,
            headers,
            text,
        })
    }

    pub(crate) async fn create(&self, name: &str) -> Value {
        let env = json!({"shortdomain": name}).to_string();
        self.call(
            "environment/control",
            "createenvironment",
            &[("env", &env), ("nodes", NODES)],
        )
        .await
    }

    pub(crate) async fn info(&self, name: &str) -> Value {
        self.call("environment/control", "getenvinfo", &[("envName", name)])
            .await
    }

    /// A method of environment/control.
    pub(crate) async fn control(&self, method: &str, form: &[(&str, &str)]) -> Value {
        self.call("environment/control", method, form).await
    }

    /// Ids of the nodes of an environment, as parameters write them.
    pub(crate) async fn node_ids(&self, name: &str) -> Vec<String> {
        let info = self.info(name).await;
        let nodes = info["nodes"].as_array().unwrap().iter();
        nodes.map(|node| node["id"].to_string()).collect()
    }

    /// Starts a call without waiting for its end.
    pub(crate) fn in_background(
        &self,
        service: &'static str,
        method: &'static str,
        form: &'static [(&'static str, &'static str)],
    ) -> Background {
        let platform = self.clone();
        Background(tokio::task::JoinSet::from_iter([async move {
            platform.try_call(service, method, form).await
        }]))
    }
}

/// A call under way; dropping it closes its connection.
pub(crate) struct Background(tokio::task::JoinSet<Result<Reply, String>>);

impl Background {
    pub(crate) async fn reply(mut self) -> Result<Reply, String> {
        self.0.join_next().await.unwrap().unwrap()
    }

    pub(crate) async fn json(self) -> Value {
        self.reply().await.unwrap().json()
    }
}

/// Returns once `holds` is true; the test runner's limit ends a wait in vain.
pub(crate) async fn until(mut holds: impl FnMut() -> bool) {
    while !holds() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Returns once a mutating call of this method is executing.
pub(crate) async fn until_executing(simulator: &Simulator, method: &str) {
    until(|| {
        let mutations = simulator.mutations();
        mutations
            .iter()
            .any(|mutation| mutation.method == method && mutation.ended_at_ms.is_none())
    })
    .await;
}
