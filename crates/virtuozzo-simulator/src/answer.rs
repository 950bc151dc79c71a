//! Answers as they leave the platform: envelopes, refusals and the proxy's HTML pages.
//!
//! It must not know methods; it knows only the shape of what they answer.

use std::num::NonZeroU64;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::{Map, Value, json};

mod body;
mod pages;

pub(crate) use body::{Body, Pace};

/// A successful payload without `result`, or a refusal.
pub(crate) type Outcome = Result<Map<String, Value>, Refusal>;

/// A non-zero result.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    result: i64,
    error: String,
    source: &'static str,
    /// How many envelopes with outer 0 are around it.
    depth: u8,
    /// What it tells besides.
    members: Map<String, Value>,
}

impl Refusal {
    pub(crate) fn new(result: i64, error: impl Into<String>) -> Self {
        Self {
            result,
            error: error.into(),
            source: "JEL",
            depth: 0,
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
        self.nested_in(1)
    }

    /// The same refusal inside `depth` envelopes.
    pub(crate) fn nested_in(self, depth: u8) -> Self {
        Self { depth, ..self }
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
        let envelope =
            (0..self.depth).fold(refused, |inner, _| json!({"result": 0, "response": inner}));
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
    header: Option<(HeaderName, HeaderValue)>,
    pace: Pace,
}

#[derive(Clone, Debug)]
enum Content {
    Envelope {
        members: Map<String, Value>,
        shape: Shape,
    },
    Html(String),
}

/// What becomes of the JSON text.
#[derive(Clone, Copy, Debug)]
enum Shape {
    Whole,
    /// Only its first bytes.
    CutAt(usize),
    /// With a member of arrays nested this deep.
    Deep(usize),
    /// Without its closing bracket: an endless member begins.
    Open,
}

impl Answer {
    /// The envelope of an outcome; `elapsed_ms` goes into `debug`.
    pub(crate) fn from_outcome(outcome: Outcome, elapsed_ms: u64) -> Self {
        let mut members = envelope_of(outcome);
        let debug = json!({"time": elapsed_ms, "cpu": {"usage": "2", "time": 4}});
        members.insert("debug".to_owned(), debug);
        Self::of(
            StatusCode::OK,
            Content::Envelope {
                members,
                shape: Shape::Whole,
            },
        )
    }

    pub(crate) fn html(status: StatusCode) -> Self {
        Self::of(status, Content::Html(pages::page(status)))
    }

    fn of(status: StatusCode, content: Content) -> Self {
        Self {
            status,
            content,
            header: None,
            pace: Pace::AtOnce,
        }
    }

    /// The same answer with one more header; a value that no header can hold is left out.
    pub(crate) fn with_header(self, name: HeaderName, value: &str) -> Self {
        let header = HeaderValue::from_str(value).ok().map(|value| (name, value));
        Self { header, ..self }
    }

    /// The same answer with only the first `bytes` bytes of its JSON text.
    pub(crate) fn cut_at(self, bytes: usize) -> Self {
        self.shaped(Shape::CutAt(bytes))
    }

    /// The same answer with a member `padding` of arrays nested `depth` deep.
    pub(crate) fn deepened(self, depth: usize) -> Self {
        self.shaped(Shape::Deep(depth))
    }

    /// The same answer with a member `padding` that never ends.
    pub(crate) fn endless(self) -> Self {
        Self {
            pace: Pace::Endless,
            ..self.shaped(Shape::Open)
        }
    }

    pub(crate) fn slowed(self, bytes_per_second: NonZeroU64) -> Self {
        let pace = Pace::BytesPerSecond(bytes_per_second);
        Self { pace, ..self }
    }

    fn shaped(self, wanted: Shape) -> Self {
        match self.content {
            Content::Envelope { members, .. } => Self {
                content: Content::Envelope {
                    members,
                    shape: wanted,
                },
                ..self
            },
            Content::Html(_) => self,
        }
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        self.header.clone()
    }

    pub(crate) fn pace(&self) -> Pace {
        self.pace
    }

    pub(crate) fn result(&self) -> Option<i64> {
        self.members()?.get("result")?.as_i64()
    }

    pub(crate) fn nested_result(&self) -> Option<i64> {
        self.members()?.get("response")?.get("result")?.as_i64()
    }

    pub(crate) fn content_type(&self) -> &'static str {
        match self.content {
            Content::Html(_) => "text/html",
            Content::Envelope { .. } => "application/json",
        }
    }

    pub(crate) fn into_text(self) -> Bytes {
        match self.content {
            Content::Envelope { members, shape } => shape.apply(Value::Object(members).to_string()),
            Content::Html(page) => Bytes::from(page),
        }
    }

    fn members(&self) -> Option<&Map<String, Value>> {
        match &self.content {
            Content::Envelope { members, .. } => Some(members),
            Content::Html(_) => None,
        }
    }
}

impl Shape {
    fn apply(self, mut text: String) -> Bytes {
        match self {
            Self::Whole => {}
            Self::CutAt(bytes) => {
                let text = Bytes::from(text);
                return text.slice(..bytes.min(text.len()));
            }
            // Written as text: a value nested this deep could not even be dropped.
            Self::Deep(depth) => {
                text.pop();
                text.push_str(",\"padding\":");
                text.extend(std::iter::repeat_n('[', depth));
                text.extend(std::iter::repeat_n(']', depth));
                text.push('}');
            }
            Self::Open => {
                text.pop();
                text.push_str(",\"padding\":\"");
            }
        }
        Bytes::from(text)
    }
}

/// The members of a JSON object literal.
pub(crate) fn into_map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
