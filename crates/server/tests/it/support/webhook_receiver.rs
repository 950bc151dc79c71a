//! Somebody who receives messages of webhooks, and answers what a test wants.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Collected, Empty};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use sha2::Sha256;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

/// A message as it came.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) body: Value,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("a text header"))
    }

    /// Whether one of its signatures is that of the secret.
    pub(crate) fn is_signed_with(&self, secret: &str) -> bool {
        let encoded = secret.strip_prefix("whsec_").expect("the prefix");
        let key = STANDARD.decode(encoded).expect("base64");
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("any length");
        let id = self.header("webhook-id");
        let at = self.header("webhook-timestamp");
        mac.update(format!("{id}.{at}.{}", self.text).as_bytes());
        let right = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        self.header("webhook-signature")
            .split(' ')
            .any(|it| it == right)
    }
}

/// Listens on a port of its own.
pub(crate) struct WebhookReceiver {
    pub(crate) url: String,
    received: Arc<Mutex<Vec<Received>>>,
    answer: Arc<Mutex<StatusCode>>,
    _serving: AbortOnDropHandle<()>,
}

impl WebhookReceiver {
    /// Takes everything, until a test says otherwise.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let received: Arc<Mutex<Vec<Received>>> = Arc::default();
        let answer = Arc::new(Mutex::new(StatusCode::NO_CONTENT));
        let (kept, told) = (Arc::clone(&received), Arc::clone(&answer));
        let tasks = TaskTracker::new();
        let serving = tasks.clone().spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (kept, told) = (Arc::clone(&kept), Arc::clone(&told));
                tasks.spawn(async move {
                    let service = service_fn(move |request| {
                        receive(request, Arc::clone(&kept), Arc::clone(&told))
                    });
                    let connection = hyper::server::conn::http1::Builder::new();
                    // A sender that has left is nobody's failure.
                    connection
                        .serve_connection(TokioIo::new(stream), service)
                        .await
                        .ok();
                });
            }
        });
        Self {
            url: format!("http://127.0.0.1:{port}/in"),
            received,
            answer,
            _serving: AbortOnDropHandle::new(serving),
        }
    }

    /// What it answers from now on.
    pub(crate) fn answer(&self, status: StatusCode) {
        *self.answer.lock().expect("no panic while held") = status;
    }

    /// Everything that came, in order.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().expect("no panic while held").clone()
    }
}

async fn receive(
    request: Request<Incoming>,
    kept: Arc<Mutex<Vec<Received>>>,
    told: Arc<Mutex<StatusCode>>,
) -> Result<Response<Empty<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let bytes = body.collect().await.map(Collected::to_bytes);
    let text = String::from_utf8(bytes.unwrap_or_default().to_vec()).expect("UTF-8");
    kept.lock().expect("no panic while held").push(Received {
        headers: parts.headers,
        body: serde_json::from_str(&text).unwrap_or(Value::Null),
        text,
    });
    let mut response = Response::new(Empty::new());
    *response.status_mut() = *told.lock().expect("no panic while held");
    Ok(response)
}
