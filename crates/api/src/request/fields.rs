//! Collects everything that is wrong with the fields of a body, so that a client learns it at once.

use crate::problem::{Fault, Problem};
use domain::names::NameError;

/// The faults found so far.
#[derive(Default)]
pub(crate) struct FieldFaults(Vec<Fault>);

impl FieldFaults {
    /// Notes a fault.
    pub(crate) fn add(&mut self, pointer: &str, detail: &str) {
        self.0.push(Fault::in_body(pointer, detail));
    }

    /// The parsed value, or a note of the rule that the text breaks.
    pub(crate) fn parse<Name>(
        &mut self,
        pointer: &str,
        text: &str,
        parse: impl FnOnce(&str) -> Result<Name, NameError>,
    ) -> Option<Name> {
        parse(text)
            .map_err(|error| self.add(pointer, error.rule()))
            .ok()
    }

    /// The same for a field that may be absent.
    pub(crate) fn parse_optional<Name>(
        &mut self,
        pointer: &str,
        text: Option<&str>,
        parse: impl FnOnce(&str) -> Result<Name, NameError>,
    ) -> Option<Name> {
        text.and_then(|text| self.parse(pointer, text, parse))
    }

    /// One problem for all faults.
    pub(crate) fn into_problem(self) -> Problem {
        Problem::invalid(self.0)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
