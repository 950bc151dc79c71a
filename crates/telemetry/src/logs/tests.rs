use super::layer::LineLayer;
use super::*;
use serde_json::Value;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Sink {
    type Writer = Self;
    fn make_writer(&self) -> Self {
        self.clone()
    }
}

fn logged(format: LogFormat, what: impl FnOnce()) -> String {
    let sink = Sink::default();
    let subscriber =
        tracing_subscriber::registry().with(LineLayer::new(format, sink.clone(), Arc::default()));
    tracing::subscriber::with_default(subscriber, what);
    let bytes = sink.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn fields_of_spans_stand_on_every_line() {
    let text = logged(LogFormat::Json, || {
        let request = tracing::info_span!(
            "http.request",
            request_id = "req_1",
            team_id = tracing::field::Empty
        );
        request.record("team_id", "team_1");
        let _request = request.entered();
        let _job = tracing::info_span!("job", job = "job_1", attempt = 2_u64).entered();
        tracing::info!(attempt = 3_u64, fast = true, "step done");
    });
    let line: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(line["message"], "step done");
    assert_eq!(line["level"], "INFO");
    assert_eq!(line["span"], "job");
    assert_eq!(line["request_id"], "req_1");
    assert_eq!(line["team_id"], "team_1");
    assert_eq!(line["job"], "job_1");
    assert_eq!(line["attempt"], 3, "the innermost value wins");
    assert_eq!(line["fast"], true);
    assert!(line["timestamp"].as_str().unwrap().ends_with('Z'));
}

#[test]
fn no_value_can_break_a_line_or_steer_a_terminal() {
    for format in [LogFormat::Json, LogFormat::Human] {
        let text = logged(format, || {
            let hostile = "a\nERROR forged \u{1b}[2J\u{85}\u{9b}";
            tracing::warn!(value = hostile, shown = %hostile, "hostile {hostile}");
        });
        assert_eq!(text.matches('\n').count(), 1, "{text:?}");
        assert!(text.ends_with('\n'));
        let controls = |c: char| c.is_ascii_control() && c != '\n';
        assert!(!text.contains(controls), "{text:?}");
    }
}

#[test]
fn an_event_cannot_replace_the_level_of_its_line() {
    let text = logged(LogFormat::Json, || tracing::info!(level = "ERROR", "x"));
    let line: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(line["level"], "INFO");
    assert_eq!(line["field.level"], "ERROR");
}

#[test]
fn secrets_in_messages_and_fields_are_redacted() {
    for format in [LogFormat::Json, LogFormat::Human] {
        let text = logged(format, || {
            let _span = tracing::info_span!("s", error = "refused: session=hunter2").entered();
            tracing::info!(password = "hunter2", debug = ?("token=hunter2",), "said password: hunter2");
        });
        assert!(!text.contains("hunter2"), "{text}");
        assert_eq!(text.matches(crate::redact::REDACTED).count(), 4, "{text}");
    }
}

#[test]
fn trace_identifiers_stay_readable() {
    let id = "0123456789abcdef0123456789abcdef";
    let text = logged(LogFormat::Json, || {
        tracing::info!(trace_id = id, other = id, "x");
    });
    let line: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(line["trace_id"], id);
    assert_eq!(line["other"], crate::redact::REDACTED);
}

#[test]
fn human_lines_read_as_a_sentence_with_fields() {
    let text = logged(LogFormat::Human, || {
        tracing::info!(
            status = 200_u64,
            route = "/v1/x",
            said = "two words",
            "request done"
        );
    });
    let (_, rest) = text.split_once(" INFO ").unwrap();
    let expected = format!(
        " request done route=/v1/x said=\"two words\" status=200 ({})\n",
        module_path!()
    );
    assert_eq!(rest, expected);
}

/// Blocks in its first write until it is told to go on.
struct Stalled {
    entered: std::sync::mpsc::Sender<()>,
    go_on: std::sync::mpsc::Receiver<()>,
    lines: Arc<Mutex<usize>>,
}

impl Write for Stalled {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if *self.lines.lock().unwrap() == 0 {
            self.entered.send(()).unwrap();
            self.go_on.recv().unwrap();
        }
        *self.lines.lock().unwrap() += 1;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_stalled_reader_costs_counted_lines_and_blocks_nobody() {
    let (entered, has_entered) = std::sync::mpsc::channel();
    let (release, go_on) = std::sync::mpsc::channel();
    let lines = Arc::new(Mutex::new(0));
    let stalled = Stalled {
        entered,
        go_on,
        lines: Arc::clone(&lines),
    };
    let (writer, guard) = NonBlockingBuilder::default()
        .lossy(true)
        .buffered_lines_limit(10)
        .finish(stalled);
    let counts = LineCounts {
        made: Arc::default(),
        dropped: writer.error_counter(),
    };
    let layer = LineLayer::new(LogFormat::Json, writer, Arc::clone(&counts.made));
    let subscriber = tracing_subscriber::registry().with(layer);
    tracing::subscriber::with_default(subscriber, || {
        tracing::info!("held by the writer");
        has_entered.recv().unwrap();
        for _ in 0..100 {
            tracing::info!("waiting or dropped");
        }
    });
    assert_eq!((counts.made(), counts.dropped()), (101, 90));
    release.send(()).unwrap();
    drop(guard);
    assert_eq!(*lines.lock().unwrap(), 11);
}

#[test]
fn a_bad_filter_is_refused() {
    let options = LogOptions {
        format: LogFormat::Json,
        filter: "info,worker=loud",
    };
    assert!(matches!(
        start(options, None),
        Err(LogStartError::Filter(_))
    ));
}
