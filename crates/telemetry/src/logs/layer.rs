//! Turns events into lines. Fields of the spans around an event stand beside its own, so that
//! `request_id`, `team_id`, `user` and `job` are found at the same place on every line.

use super::LogFormat;
use super::line::{Fields, Line};
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::{LookupSpan, Scope};

/// The layer; `Writer` is made anew for each line.
pub(super) struct LineLayer<Writer> {
    format: LogFormat,
    writer: Writer,
    made: Arc<AtomicU64>,
}

impl<Writer> LineLayer<Writer> {
    /// Counts the lines that it makes in `made`.
    pub(super) fn new(format: LogFormat, writer: Writer, made: Arc<AtomicU64>) -> Self {
        Self {
            format,
            writer,
            made,
        }
    }
}

impl<Spans, Writer> Layer<Spans> for LineLayer<Writer>
where
    Spans: Subscriber + for<'span> LookupSpan<'span>,
    Writer: for<'writer> MakeWriter<'writer> + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, Spans>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        span.extensions_mut().insert(fields);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, Spans>) {
        let Some(span) = context.span(id) else { return };
        let mut extensions = span.extensions_mut();
        if let Some(fields) = extensions.get_mut::<Fields>() {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, Spans>) {
        let mut line = Line::new(event.metadata());
        for span in context
            .event_scope(event)
            .into_iter()
            .flat_map(Scope::from_root)
        {
            line.enter(span.name());
            if let Some(fields) = span.extensions().get::<Fields>() {
                line.fields.extend(fields);
            }
        }
        event.record(&mut line.fields);
        let text = line.into_text(self.format);
        self.made.fetch_add(1, Ordering::Relaxed);
        // A log that cannot be written has nowhere to say so; lost lines are counted by the writer.
        drop(self.writer.make_writer().write_all(text.as_bytes()));
    }
}
