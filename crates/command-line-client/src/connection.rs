//! JSON over HTTP, with a token.

use crate::failure::Failure;
use bytes::Bytes;
use http::{Method, Request, Response, Uri, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Longest answer that is read whole.
const ANSWER_LENGTH_MAX: usize = 16 * 1024 * 1024;
const USER_AGENT: &str = concat!("windlass-cli/", env!("CARGO_PKG_VERSION"));

/// A Windlass, and the token that is sent along.
pub(crate) struct Connection {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    server: String,
    token: Zeroizing<String>,
}

impl Connection {
    /// Plain HTTP is for this machine only: a token would be read by everybody on the way.
    pub(crate) fn new(server: &str, token: Zeroizing<String>) -> Result<Self, Failure> {
        let server = server.trim_end_matches('/').to_owned();
        let usage = |rule: &str| Failure::Usage(format!("the server's address {rule}"));
        let uri: Uri = server
            .parse()
            .map_err(|_| usage("cannot be read; it looks like https://windlass.example.com"))?;
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
        let is_here = host == "localhost"
            || host
                .parse()
                .is_ok_and(|address: std::net::IpAddr| address.is_loopback());
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if is_here => {}
            _ => return Err(usage("must begin with `https://`, but for this machine")),
        }
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls(uri.scheme_str() == Some("https")))
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            server,
            token,
        })
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Value, Failure> {
        self.ask(Method::GET, path, &[], None).await
    }

    /// Asks once, and gives the JSON of a success.
    pub(crate) async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Value, Failure> {
        let response = self.send(method, path, headers, body).await?;
        let bytes = Limited::new(response.into_body(), ANSWER_LENGTH_MAX)
            .collect()
            .await
            .map_err(|error| Failure::Unreachable(error.to_string()))?
            .to_bytes();
        if bytes.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&bytes)
            .map_err(|_| Failure::Unreachable("what it says is not JSON".to_owned()))
    }

    /// The same with the body unread; a refusal is read and told.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Response<Incoming>, Failure> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.server))
            .header(header::USER_AGENT, USER_AGENT)
            .header(header::AUTHORIZATION, format!("Bearer {}", *self.token));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        let request = request
            .body(Full::new(Bytes::from(body)))
            .map_err(|_| Failure::Usage("a value has characters that cannot be sent".to_owned()))?;
        let response = self.client.request(request).await;
        let response = response.map_err(|error| Failure::Unreachable(chain(&error)))?;
        let status = response.status().as_u16();
        if response.status().is_success() {
            return Ok(response);
        }
        let body = Limited::new(response.into_body(), ANSWER_LENGTH_MAX).collect();
        let bytes = body.await.map(http_body_util::Collected::to_bytes);
        let problem = bytes
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Err(Failure::Refused {
            status,
            problem: problem.unwrap_or(Value::Null),
        })
    }
}

/// Whose certificates are believed: those of this machine.
fn tls(is_needed: bool) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    if is_needed {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the ring provider supports the default protocol versions")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::Connection;
    use zeroize::Zeroizing;

    fn is_taken(server: &str) -> bool {
        Connection::new(server, Zeroizing::new("token".to_owned())).is_ok()
    }

    #[test]
    fn a_token_is_sent_without_encryption_to_this_machine_only() {
        for server in [
            "https://windlass.example.com",
            "https://windlass.example.com/",
            "http://127.0.0.1:7780",
            "http://localhost:7780",
            "http://[::1]:7780",
        ] {
            assert!(is_taken(server), "{server}");
        }
        for server in [
            "http://windlass.example.com",
            "windlass.example.com",
            "ftp://x",
            "",
        ] {
            assert!(!is_taken(server), "{server}");
        }
    }
}
