//! Answers as they leave the platform: envelopes, refusals and the proxy's HTML pages.
//!
//! It must not know methods; it knows only the shape of what they answer.

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Map, Value, json};

/// A successful payload without `result`, or a refusal.
pub(crate) type Outcome = Result<Map<String, Value>, Refusal>;

/// A non-zero result.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    result: i64,
    error: String,
    source: &'static str,
    is_nested: bool,
    /// What it tells besides.
    members: Map<String, Value>,
}

impl Refusal {
    pub(crate) fn new(result: i64, error: impl Into<String>) -> Self {
        Self {
            result,
            error: error.into(),
            source: "JEL",
            is_nested: false,
            members: Map::new(),
        }
    }

    pub(crate) fn from_core(result: i64, error: impl Into<String>) -> Self {
        Self {
            source: "hx-core",
            ..Self::new(result, error)
        }
    }

    /// The same refusal inside `response`, with outer 0: the script ran, its work failed.
    pub(crate) fn nested(self) -> Self {
        Self {
            is_nested: true,
            ..self
        }
    }

    /// The same refusal with one member more.
    pub(crate) fn with(mut self, name: &str, value: Value) -> Self {
        self.members.insert(name.to_owned(), value);
        self
    }

    pub(crate) fn invalid_parameter(name: &str) -> Self {
        Self::from_core(3, format!("invalid parameter [{name}]"))
    }

    /// The text that `error` carries in the documentation of code 11.
    pub(crate) fn environment_unknown(name: &str) -> Self {
        Self::from_core(11, format!("application [{name}] not exist"))
    }

    pub(crate) fn not_authenticated() -> Self {
        Self::from_core(702, "user not authenticated: session [xxx…]")
    }

    fn envelope(self) -> Map<String, Value> {
        let mut refused =
            json!({"result": self.result, "error": self.error, "source": self.source});
        for (name, value) in self.members {
            refused[name] = value;
        }
        let envelope = if self.is_nested {
            json!({"result": 0, "response": refused})
        } else {
            refused
        };
        into_map(envelope)
    }
}

/// The envelope of an outcome, for methods that answer with that of another one.
pub(crate) fn envelope_of(outcome: Outcome) -> Map<String, Value> {
    match outcome {
        Ok(payload) => {
            let mut envelope = Map::from_iter([("result".to_owned(), json!(0))]);
            envelope.extend(payload);
            envelope
        }
        Err(refusal) => refusal.envelope(),
    }
}

/// What goes back over the connection.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    status: StatusCode,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    Envelope(Map<String, Value>),
    CutEnvelope {
        envelope: Map<String, Value>,
        bytes: usize,
    },
    Html(&'static str),
}

impl Answer {
    /// The envelope of an outcome; `elapsed_ms` goes into `debug`.
    pub(crate) fn from_outcome(outcome: Outcome, elapsed_ms: u64) -> Self {
        let mut envelope = envelope_of(outcome);
        let debug = json!({"time": elapsed_ms, "cpu": {"usage": "2", "time": 4}});
        envelope.insert("debug".to_owned(), debug);
        Self {
            status: StatusCode::OK,
            content: Content::Envelope(envelope),
        }
    }

    pub(crate) fn html(status: StatusCode) -> Self {
        let page = match status {
            StatusCode::NOT_FOUND => NOT_FOUND_PAGE,
            StatusCode::METHOD_NOT_ALLOWED => NOT_ALLOWED_PAGE,
            StatusCode::PAYLOAD_TOO_LARGE => TOO_LARGE_PAGE,
            StatusCode::BAD_GATEWAY => BAD_GATEWAY_PAGE,
            StatusCode::GATEWAY_TIMEOUT => GATEWAY_TIMEOUT_PAGE,
            _ => PLAIN_PAGE,
        };
        Self {
            status,
            content: Content::Html(page),
        }
    }

    /// The same answer with only the first `bytes` bytes of its JSON text.
    pub(crate) fn cut_at(self, bytes: usize) -> Self {
        match self.content {
            Content::Envelope(envelope) => Self {
                content: Content::CutEnvelope { envelope, bytes },
                ..self
            },
            _ => self,
        }
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn result(&self) -> Option<i64> {
        self.envelope()?.get("result")?.as_i64()
    }

    pub(crate) fn nested_result(&self) -> Option<i64> {
        self.envelope()?.get("response")?.get("result")?.as_i64()
    }

    pub(crate) fn content_type(&self) -> &'static str {
        match self.content {
            Content::Html(_) => "text/html",
            _ => "application/json",
        }
    }

    pub(crate) fn into_body(self) -> Bytes {
        match self.content {
            Content::Envelope(envelope) => Bytes::from(Value::Object(envelope).to_string()),
            Content::CutEnvelope { envelope, bytes } => {
                let text = Bytes::from(Value::Object(envelope).to_string());
                text.slice(..bytes.min(text.len()))
            }
            Content::Html(page) => Bytes::from_static(page.as_bytes()),
        }
    }

    fn envelope(&self) -> Option<&Map<String, Value>> {
        match &self.content {
            Content::Envelope(envelope) | Content::CutEnvelope { envelope, .. } => Some(envelope),
            Content::Html(_) => None,
        }
    }
}

/// The members of a JSON object literal.
pub(crate) fn into_map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

const NOT_FOUND_PAGE: &str = "<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center><hr><center>openresty</center></body></html>\n";
const NOT_ALLOWED_PAGE: &str = "<html><head><title>405 Not Allowed</title></head><body><center><h1>405 Not Allowed</h1></center><hr><center>openresty</center></body></html>\n";
const TOO_LARGE_PAGE: &str = "<html><head><title>413 Request Entity Too Large</title></head><body><center><h1>413 Request Entity Too Large</h1></center><hr><center>openresty</center></body></html>\n";
const BAD_GATEWAY_PAGE: &str = "<html><head><title>502 Proxy Error</title></head><body><center><h1>502 Proxy Error</h1></center><hr><center>openresty</center></body></html>\n";
const GATEWAY_TIMEOUT_PAGE: &str = "<html><head><title>504 Gateway Time-out</title></head><body><center><h1>504 Gateway Time-out</h1></center><hr><center>openresty</center></body></html>\n";
const PLAIN_PAGE: &str =
    "<html><head><title>Please wait</title></head><body><p>Please wait.</p></body></html>\n";
