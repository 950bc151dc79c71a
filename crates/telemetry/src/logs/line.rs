//! One line of the log: its fields, and how they are written. Redacts and escapes; does no output.

use super::LogFormat;
use crate::redact;
use serde_json::{Map, Value};
use std::fmt::{self, Write as _};
use tracing::field::{Field, Visit};
use tracing::{Level, Metadata};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};

const MESSAGE: &str = "message";

/// Identifiers of traces look like the platform's tokens, and are none.
const NEVER_REDACTED: &[&str] = &["trace_id", "span_id"];

/// Names that the line itself uses.
const RESERVED: &[&str] = &["timestamp", "level", "target", "span"];

/// Fields by name, the innermost winning.
#[derive(Debug, Default, Clone)]
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    pub(super) fn extend(&mut self, outer: &Self) {
        for (name, value) in &outer.0 {
            self.0.insert(name.clone(), value.clone());
        }
    }

    fn put(&mut self, field: &Field, value: Value) {
        // Records of the `log` crate bring their origin along; the target says enough.
        if field.name().starts_with("log.") {
            return;
        }
        let name = field.name().strip_prefix("r#").unwrap_or(field.name());
        let name = if RESERVED.contains(&name) {
            format!("field.{name}")
        } else {
            name.to_owned()
        };
        self.0.insert(name, value);
    }

    fn put_text(&mut self, field: &Field, text: &str) {
        let name = field.name();
        // For who follows spans.
        if name.starts_with("otel.") {
            return;
        }
        let shown = if NEVER_REDACTED.contains(&name) {
            text.to_owned()
        } else if redact::is_secret_field(name) {
            redact::REDACTED.to_owned()
        } else {
            redact::without_secrets(text).into_owned()
        };
        self.put(field, Value::String(shown));
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, Value::from(value));
    }
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, Value::from(value));
    }
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, Value::from(value));
    }
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, Value::from(value));
    }
    fn record_str(&mut self, field: &Field, value: &str) {
        self.put_text(field, value);
    }
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put_text(field, &format!("{value:?}"));
    }
}

/// A line in the making.
pub(super) struct Line {
    level: Level,
    target: &'static str,
    span: Option<&'static str>,
    pub(super) fields: Fields,
}

impl Line {
    pub(super) fn new(metadata: &'static Metadata<'static>) -> Self {
        Self {
            level: *metadata.level(),
            target: metadata.target(),
            span: None,
            fields: Fields::default(),
        }
    }

    /// The innermost span that was entered names the line.
    pub(super) fn enter(&mut self, span: &'static str) {
        self.span = Some(span);
    }

    /// The whole line with its line feed.
    pub(super) fn into_text(self, format: LogFormat) -> String {
        let mut text = match format {
            LogFormat::Json => self.into_json(),
            LogFormat::Human => self.into_human(),
        };
        text.push('\n');
        text
    }

    fn into_json(self) -> String {
        let mut object = Map::new();
        object.insert("timestamp".to_owned(), Value::String(timestamp()));
        object.insert("level".to_owned(), Value::from(self.level.as_str()));
        object.insert("target".to_owned(), Value::from(self.target));
        if let Some(span) = self.span {
            object.insert("span".to_owned(), Value::from(span));
        }
        object.extend(self.fields.0);
        Value::Object(object).to_string()
    }

    fn into_human(mut self) -> String {
        let message = self.fields.0.remove(MESSAGE);
        let mut text = format!("{} {:5} ", timestamp(), self.level.as_str());
        if let Some(message) = message {
            text.push_str(&escaped(message.as_str().unwrap_or_default()));
        }
        for (name, value) in &self.fields.0 {
            let shown = match value {
                Value::String(words) if is_one_word(words) => words.clone(),
                other => escaped(&other.to_string()),
            };
            write!(text, " {name}={shown}").expect("writing to a string does not fail");
        }
        write!(text, " ({})", self.span.unwrap_or(self.target))
            .expect("writing to a string does not fail");
        text
    }
}

fn is_one_word(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '=' | '\\'))
}

/// Control characters could start a line of their own, or steer a terminal.
fn escaped(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let escape = c.is_control().then(|| c.escape_default());
            let plain = escape.is_none().then_some(c);
            escape.into_iter().flatten().chain(plain)
        })
        .collect()
}

fn timestamp() -> String {
    let mut text = String::with_capacity(32);
    SystemTime
        .format_time(&mut Writer::new(&mut text))
        .expect("writing to a string does not fail");
    text
}
