//! Makes a test fail on a warning or an error that it did not announce.
//!
//! One subscriber serves the whole process and cannot tell which test an event came from. So guards
//! take turns, and in a test binary that uses them every test that logs installs one. (With nextest,
//! each test has a process of its own anyway.)

use std::fmt::Write;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

#[cfg(test)]
mod tests;

static TURN: Mutex<()> = Mutex::new(());

/// A failing test leaves its turn poisoned; the next one starts afresh all the same.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Watches the log until it is dropped, then fails the test on what was not announced, and on what
/// was announced with [`LogGuard::expect`] and did not come.
pub struct LogGuard {
    records: Arc<Mutex<Vec<String>>>,
    expected: Vec<String>,
    tolerated: Vec<String>,
    _turn: MutexGuard<'static, ()>,
}

impl LogGuard {
    /// Starts watching. Waits while another test of this process watches. Panics when the process
    /// has another subscriber already: nothing would be seen.
    #[must_use = "the guard watches until it is dropped"]
    pub fn install() -> Self {
        let turn = lock(&TURN);
        let records = Arc::clone(recorder());
        lock(&records).clear();
        Self {
            records,
            expected: Vec::new(),
            tolerated: Vec::new(),
            _turn: turn,
        }
    }

    /// Announces a warning or error whose text holds this. It has to come at least once.
    #[must_use = "the guard watches until it is dropped"]
    pub fn expect(mut self, substring: &str) -> Self {
        self.expected.push(substring.to_owned());
        self
    }

    /// Allows a warning or error whose text holds this, for what timing decides.
    #[must_use = "the guard watches until it is dropped"]
    pub fn tolerate(mut self, substring: &str) -> Self {
        self.tolerated.push(substring.to_owned());
        self
    }

    /// The warnings and errors so far: level, target, message and fields of each.
    pub fn records(&self) -> Vec<String> {
        lock(&self.records).clone()
    }

    /// What is wrong with the records, or nothing.
    fn complaint(&self) -> String {
        let records = self.records();
        let announced: Vec<_> = self.expected.iter().chain(&self.tolerated).collect();
        let surprises = records
            .iter()
            .filter(|record| !announced.iter().any(|text| record.contains(*text)))
            .map(|record| format!("not announced: {record}"));
        let missing = self
            .expected
            .iter()
            .filter(|text| !records.iter().any(|record| record.contains(*text)))
            .map(|text| format!("announced, but did not come: {text}"));
        surprises.chain(missing).collect::<Vec<_>>().join("\n")
    }
}

impl Drop for LogGuard {
    fn drop(&mut self) {
        let complaint = self.complaint();
        if !std::thread::panicking() {
            assert!(complaint.is_empty(), "unexpected log:\n{complaint}");
        }
    }
}

fn recorder() -> &'static Arc<Mutex<Vec<String>>> {
    static RECORDS: OnceLock<Arc<Mutex<Vec<String>>>> = OnceLock::new();
    RECORDS.get_or_init(|| {
        let records = Arc::<Mutex<Vec<String>>>::default();
        let layer = RecordingLayer(Arc::clone(&records));
        tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer))
            .expect("no other subscriber was installed in this process");
        records
    })
}

struct RecordingLayer(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber> Layer<S> for RecordingLayer {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        let level = *event.metadata().level();
        if level <= Level::WARN {
            let mut text = TextOfFields(format!("{level} {}:", event.metadata().target()));
            event.record(&mut text);
            lock(&self.0).push(text.0);
        }
    }
}

struct TextOfFields(String);

impl Visit for TextOfFields {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let written = match field.name() {
            "message" => write!(self.0, " {value:?}"),
            name => write!(self.0, " {name}={value:?}"),
        };
        written.expect("writing to a text does not fail");
    }
}
