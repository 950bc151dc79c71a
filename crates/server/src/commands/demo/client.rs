//! The demo's HTTP client: JSON over one loopback connection, as any client would.

use bytes::Bytes;
use http::{HeaderMap, Method, Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use std::net::SocketAddr;

/// What a request brings.
#[derive(Clone)]
pub(super) enum Credential {
    /// Nothing: registration and sign-in.
    None,
    /// A browser session: its cookie, and the token that shows that a page of ours sends it.
    Session { cookie: String, csrf_token: String },
    /// An API token.
    Token(String),
}

/// Speaks the public API.
pub(super) struct DemoClient {
    client: Client<HttpConnector, Full<Bytes>>,
    address: SocketAddr,
    credential: Credential,
}

impl DemoClient {
    pub(super) fn new(address: SocketAddr) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self {
            client,
            address,
            credential: Credential::None,
        }
    }

    /// The same client with a credential.
    pub(super) fn with(&self, credential: Credential) -> Self {
        Self {
            client: self.client.clone(),
            address: self.address,
            credential,
        }
    }

    /// Signs in, and gives the session.
    pub(super) async fn sign_in(&self, body: &Value) -> Result<Credential, String> {
        let path = "/v1/browser-sessions";
        let (headers, answer) = self.exchange(Method::POST, path, None, Some(body)).await?;
        let cookie = headers
            .get(header::SET_COOKIE)
            .and_then(|value| value.to_str().ok())
            .and_then(|cookie| cookie.split(';').next())
            .ok_or("signing in set no cookie")?;
        let csrf_token = answer["csrf_token"].as_str();
        Ok(Credential::Session {
            cookie: cookie.to_owned(),
            csrf_token: csrf_token
                .ok_or("signing in gave no CSRF token")?
                .to_owned(),
        })
    }

    pub(super) async fn get(&self, path: &str) -> Result<Value, String> {
        self.send(Method::GET, path, None, None).await
    }

    pub(super) async fn put(&self, path: &str, body: &Value) -> Result<Value, String> {
        self.send(Method::PUT, path, None, Some(body)).await
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<Value, String> {
        self.send(Method::POST, path, None, Some(body)).await
    }

    /// Asks for what becomes a job, once for each key.
    pub(super) async fn post_once(
        &self,
        path: &str,
        key: &str,
        body: &Value,
    ) -> Result<Value, String> {
        self.send(Method::POST, path, Some(key), Some(body)).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        idempotency_key: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Value, String> {
        let (_, value) = self.exchange(method, path, idempotency_key, body).await?;
        Ok(value)
    }

    async fn exchange(
        &self,
        method: Method,
        path: &str,
        idempotency_key: Option<&str>,
        body: Option<&Value>,
    ) -> Result<(HeaderMap, Value), String> {
        let said = format!("{method} {path}");
        let mut request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address));
        request = match &self.credential {
            Credential::None => request,
            Credential::Token(token) => {
                request.header(header::AUTHORIZATION, format!("Bearer {token}"))
            }
            Credential::Session { cookie, csrf_token } => request
                .header(header::COOKIE, cookie)
                .header("x-csrf-token", csrf_token),
        };
        if let Some(key) = idempotency_key {
            request = request.header("idempotency-key", key);
        }
        let bytes = body.map(|body| Bytes::from(body.to_string()));
        if bytes.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let request = request
            .body(Full::new(bytes.unwrap_or_default()))
            .map_err(|error| format!("{said}: {error}"))?;
        let answer = self
            .client
            .request(request)
            .await
            .map_err(|error| format!("{said}: {error}"))?;
        let (parts, body) = answer.into_parts();
        let status = parts.status;
        let body = body.collect().await.map_err(|error| error.to_string())?;
        let body = body.to_bytes();
        let value = if body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&body).map_err(|error| format!("{said}: {status}: {error}"))?
        };
        if status.is_success() {
            Ok((parts.headers, value))
        } else {
            Err(format!("{said}: {status}: {value}"))
        }
    }
}
