//! A caller with a token (or none), speaking HTTP and JSON.

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use std::net::Ipv4Addr;

/// An answer, its body read.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// As it came; `body` is what it says when it is JSON.
    pub(crate) text: String,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("a text header"))
    }
}

/// What a request brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Credential {
    Nothing,
    Token(String),
    /// Without a CSRF token when that is empty.
    Session {
        cookie: String,
        csrf_token: String,
    },
}

/// Somebody who calls the API.
#[derive(Clone)]
pub(crate) struct Caller {
    client: Client<HttpConnector, Full<Bytes>>,
    base: String,
    pub(crate) credential: Credential,
    /// The session of the same person: some things are never done by a token.
    session: Option<Credential>,
    is_patient: bool,
    pub(crate) team: String,
}

impl Caller {
    pub(crate) fn new(base: String, team: String, token: Option<String>) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self {
            client,
            base,
            credential: token.map_or(Credential::Nothing, Credential::Token),
            session: None,
            is_patient: false,
            team,
        }
    }

    /// The same, asking again when the store was too busy to take a request: nothing was done then.
    pub(crate) fn asking_again(&self) -> Self {
        Self {
            is_patient: true,
            ..self.clone()
        }
    }

    /// The same, calling from another address of this machine.
    pub(crate) fn calling_from(&self, address: Ipv4Addr) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_local_address(Some(address.into()));
        Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            ..self.clone()
        }
    }

    /// The same person with another credential.
    pub(crate) fn with(&self, credential: Credential) -> Self {
        Self {
            credential,
            ..self.clone()
        }
    }

    /// The same, remembering the session for what a token cannot do.
    pub(crate) fn remembering(mut self, session: Credential) -> Self {
        self.session = Some(session);
        self
    }

    /// The same person at another address and in another team.
    pub(crate) fn at(&self, base: &str, team: &str) -> Self {
        Self {
            base: base.to_owned(),
            team: team.to_owned(),
            ..self.clone()
        }
    }

    /// The person, with the browser.
    pub(crate) fn in_person(&self) -> Self {
        self.with(self.session.clone().expect("the person has signed in"))
    }

    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/v1/teams/{}{rest}", self.team)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], String::new()).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, &[], body.to_string()).await
    }

    pub(crate) async fn post(&self, path: &str, key: &str, body: &Value) -> Answer {
        self.send(
            Method::POST,
            path,
            &[("idempotency-key", key)],
            body.to_string(),
        )
        .await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Answer {
        testkit::wait::until("the store takes the request", super::PATIENCE, async || {
            let answer = self.send_once(&method, path, headers, &body).await;
            let was_busy = answer.body["code"] == "temporarily-unavailable";
            (!(self.is_patient && was_busy)).then_some(answer)
        })
        .await
    }

    /// Sends it once, however busy the store is.
    pub(crate) async fn send_once(
        &self,
        method: &Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        self.try_to_send(method, path, headers, body)
            .await
            .expect("the server answers")
    }

    /// Sends it once; none when no whole answer came.
    pub(crate) async fn try_to_send(
        &self,
        method: &Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Option<Answer> {
        let request = self.request(method, path, headers, body);
        let (parts, body) = self.client.request(request).await.ok()?.into_parts();
        let bytes = body.collect().await.ok()?.to_bytes();
        Some(Answer {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            text: String::from_utf8_lossy(&bytes).into_owned(),
        })
    }

    pub(super) fn request(
        &self,
        method: &Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Request<Full<Bytes>> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base));
        request = match &self.credential {
            Credential::Nothing => request,
            Credential::Token(token) => request.header("authorization", format!("Bearer {token}")),
            Credential::Session { cookie, csrf_token } if csrf_token.is_empty() => {
                request.header("cookie", cookie)
            }
            Credential::Session { cookie, csrf_token } => request
                .header("cookie", cookie)
                .header("x-csrf-token", csrf_token),
        };
        if !body.is_empty() {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request
            .body(Full::new(Bytes::from(body.to_owned())))
            .expect("a well-formed request")
    }

    /// Connects the example account.
    pub(crate) async fn connect_account(&self, login: &str, password: &str) -> Answer {
        let body = serde_json::json!({
            "platform": "simulator",
            "credential": {"kind": "password", "login": login, "password": password},
        });
        let path = self.path("/platform-account");
        self.in_person().put(&path, &body).await
    }

    /// Asks for an environment and gives back the accepted job.
    pub(crate) async fn provision(&self, name: &str, blueprint: &str, addons: &[&str]) -> Value {
        let body = serde_json::json!({"name": name, "blueprint": blueprint, "addons": addons});
        let answer = self
            .post(
                &self.path("/environments"),
                &format!("create-{name}"),
                &body,
            )
            .await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
        answer.body
    }

    /// The job as it is now.
    pub(crate) async fn job(&self, id: &str) -> Value {
        let answer = self.get(&self.path(&format!("/jobs/{id}"))).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.body
    }

    /// The job once it has come to rest.
    pub(crate) async fn job_at_rest(&self, id: &str) -> Value {
        testkit::wait::until("the job comes to rest", super::PATIENCE, async || {
            let job = self.job(id).await;
            let state = job["state"].as_str().expect("a state").to_owned();
            ["succeeded", "failed", "cancelled", "needs_attention"]
                .contains(&state.as_str())
                .then_some(job)
        })
        .await
    }

    /// The whole log of a job.
    pub(crate) async fn log(&self, id: &str) -> Vec<Value> {
        let answer = self
            .get(&self.path(&format!("/jobs/{id}/log?limit=200")))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.body["data"].as_array().expect("a list").clone()
    }
}
