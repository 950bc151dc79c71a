//! The rows of the inventory, one for each client method and endpoint.

use super::finding::Finding;
use super::located::{Located, TableReader, read_tables};

const FIELDS: [&str; 15] = [
    "endpoint",
    "methods",
    "anchor",
    "certainty",
    "legacy_sources",
    "purpose",
    "client_method",
    "use_cases",
    "state",
    "mutates",
    "idempotent",
    "proof_class",
    "answer_by",
    "note",
    "tests",
];

/// One row. A field that could not be read is empty, and was complained about.
#[derive(Debug)]
pub(super) struct Row {
    /// Where it begins.
    pub(super) line: usize,
    pub(super) endpoint: Located<String>,
    pub(super) methods: Located<Vec<Located<String>>>,
    pub(super) anchor: Located<String>,
    pub(super) legacy_sources: Located<Vec<Located<String>>>,
    pub(super) purpose: Located<String>,
    pub(super) client_method: Located<String>,
    pub(super) use_cases: Located<Vec<Located<String>>>,
    /// `built` when absent: every use case is there.
    pub(super) state: Option<Located<String>>,
    pub(super) mutates: Option<bool>,
    pub(super) idempotent: Located<String>,
    pub(super) proof_class: Located<String>,
    pub(super) answer_by: Located<String>,
    pub(super) tests: Located<Vec<Located<String>>>,
}

impl Row {
    fn read(table: &mut TableReader<'_>) -> Self {
        table.allow(&FIELDS);
        // For people only, but they must say something.
        table.text("certainty");
        table.optional_text("note");
        Self {
            line: table.line,
            endpoint: table.text("endpoint"),
            methods: table.some_texts("methods"),
            anchor: table.text("anchor"),
            legacy_sources: table.texts("legacy_sources"),
            purpose: table.text("purpose"),
            client_method: table.text("client_method"),
            use_cases: table.some_texts("use_cases"),
            state: table.optional_text("state"),
            mutates: table.flag("mutates"),
            idempotent: table.text("idempotent"),
            proof_class: table.text("proof_class"),
            answer_by: table.text("answer_by"),
            tests: table.texts("tests"),
        }
    }

    /// The tests that it names.
    pub(super) fn test_names(&self) -> impl Iterator<Item = &str> {
        self.tests.value.iter().map(|test| test.value.as_str())
    }

    /// Whether a use case of it is still to come.
    pub(super) fn is_planned(&self) -> bool {
        self.state
            .as_ref()
            .is_some_and(|state| state.value == "planned")
    }

    /// Whether it stands for that call.
    pub(super) fn is_of(&self, client_method: &str, endpoint: &str) -> bool {
        self.client_method.value == client_method && self.endpoint.value == endpoint
    }
}

/// All rows, and what could not be read.
pub(super) fn read(path: &str, text: &str) -> (Vec<Row>, Vec<Finding>) {
    read_tables(path, text, "call", Row::read)
}
