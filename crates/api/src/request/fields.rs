//! Collects everything that is wrong with the fields of a body, so that a client learns it at once.

use crate::problem::{Fault, Problem};
use domain::ids::IdParseError;
use domain::names::NameError;
use std::str::FromStr;

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

    /// The parsed id, or a note of the form that it must have.
    pub(crate) fn parse_id<Id>(&mut self, pointer: &str, text: &str) -> Option<Id>
    where
        Id: FromStr<Err = IdParseError>,
    {
        text.parse()
            .map_err(|error| self.add(pointer, &id_rule(&error)))
            .ok()
    }

    /// One problem for all faults.
    pub(crate) fn into_problem(self) -> Problem {
        Problem::invalid(self.0)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What an id must be, in words about the place where it stands.
pub(super) fn id_rule(error: &IdParseError) -> String {
    let rule = error.to_string();
    rule.trim_start_matches("identifier ").to_owned()
}
