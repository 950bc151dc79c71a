//! The demo's HTTP client: JSON over one loopback connection, as any client would.

use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use std::net::SocketAddr;

/// Speaks the public API with one token.
pub(super) struct DemoClient {
    client: Client<HttpConnector, Full<Bytes>>,
    address: SocketAddr,
    token: String,
}

impl DemoClient {
    pub(super) fn new(address: SocketAddr, token: String) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self {
            client,
            address,
            token,
        }
    }

    pub(super) async fn get(&self, path: &str) -> Result<Value, String> {
        self.send(Method::GET, path, None, None).await
    }

    pub(super) async fn put(&self, path: &str, body: &Value) -> Result<Value, String> {
        self.send(Method::PUT, path, None, Some(body)).await
    }

    pub(super) async fn post(&self, path: &str, key: &str, body: &Value) -> Result<Value, String> {
        self.send(Method::POST, path, Some(key), Some(body)).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        idempotency_key: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Value, String> {
        let said = format!("{method} {path}");
        let mut request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token));
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
        let status = answer.status();
        let body = answer
            .into_body()
            .collect()
            .await
            .map_err(|error| error.to_string())?;
        let value: Value = serde_json::from_slice(&body.to_bytes())
            .map_err(|error| format!("{said}: {status}: {error}"))?;
        if status.is_success() {
            Ok(value)
        } else {
            Err(format!("{said}: {status}: {value}"))
        }
    }
}
