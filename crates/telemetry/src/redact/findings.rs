//! Finds every secret of a text: one pass over the names and marks, one over the digits.

use super::value::{self, Separator};
use super::{fields, shapes};
use aho_corasick::{AhoCorasick, MatchKind};
use std::ops::Range;
use std::sync::LazyLock;

struct Landmarks {
    automaton: AhoCorasick,
    patterns: Vec<&'static str>,
    /// Patterns from this index on are marks of shapes, those before are words of field names.
    first_mark: usize,
}

static LANDMARKS: LazyLock<Landmarks> = LazyLock::new(|| {
    let mut patterns: Vec<&'static str> = fields::words().collect();
    let first_mark = patterns.len();
    patterns.extend(shapes::MARKS);
    let automaton = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(&patterns)
        .expect("a few short patterns are within every limit of the automaton");
    Landmarks {
        automaton,
        patterns,
        first_mark,
    }
});

/// Where secrets are, in order and without overlaps.
pub(super) fn secrets_in(text: &str) -> Vec<Range<usize>> {
    let mut findings = shapes::hex_runs(text);
    // What one finding covers is not looked at again: this keeps hostile text linear.
    let mut covered = 0;
    for landmark in LANDMARKS.automaton.find_iter(text) {
        if landmark.start() < covered {
            continue;
        }
        let index = landmark.pattern().as_usize();
        let found = if index < LANDMARKS.first_mark {
            secret_of_field(text, landmark.range())
        } else {
            shapes::secret_at_mark(text, LANDMARKS.patterns[index], landmark.start())
        };
        if let Some(range) = found.filter(|range| !range.is_empty()) {
            covered = range.end;
            findings.push(range);
        }
    }
    merged(findings)
}

fn secret_of_field(text: &str, word: Range<usize>) -> Option<Range<usize>> {
    let name = field_name_around(text, word);
    let field = &text[name.clone()];
    if !fields::is_secret_field(field) {
        return None;
    }
    if let Some(content) = element_content(text, &name) {
        return Some(content);
    }
    let lower = field.to_ascii_lowercase();
    if lower.ends_with("authorization") || lower.ends_with("cookie") {
        return header_value(text, name.end);
    }
    let separator = if fields::has_strong_word(field) {
        Separator::OrQuote
    } else {
        Separator::Needed
    };
    value::value_after(text, name.end, separator)
}

/// What stands between `<name>` and the next `<`.
fn element_content(text: &str, name: &Range<usize>) -> Option<Range<usize>> {
    let opened = text[..name.start].ends_with('<') && text[name.end..].starts_with('>');
    let start = name.end + 1;
    opened.then(|| start..value::end_of(text, start, |byte| byte != b'<'))
}

/// A header's value goes on to the end of its line, spaces included.
fn header_value(text: &str, name_end: usize) -> Option<Range<usize>> {
    let value = value::value_after(text, name_end, Separator::Needed)?;
    let unquoted = text.as_bytes()[value.start - 1].is_ascii_whitespace()
        || matches!(text.as_bytes()[value.start - 1], b':' | b'=');
    let end = if unquoted {
        value::end_of(text, value.start, |byte| !matches!(byte, b'\r' | b'\n'))
    } else {
        value.end
    };
    Some(value.start..end)
}

/// The whole name that the word is a part of.
fn field_name_around(text: &str, word: Range<usize>) -> Range<usize> {
    let bytes = text.as_bytes();
    let belongs = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let before = bytes[..word.start]
        .iter()
        .rev()
        .take(fields::FIELD_NAME_LENGTH_MAX)
        .take_while(|byte| belongs(byte))
        .count();
    let after = bytes[word.end..]
        .iter()
        .take(fields::FIELD_NAME_LENGTH_MAX)
        .take_while(|byte| belongs(byte))
        .count();
    word.start - before..word.end + after
}

fn merged(mut findings: Vec<Range<usize>>) -> Vec<Range<usize>> {
    findings.sort_by_key(|finding| finding.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(findings.len());
    for finding in findings {
        match merged.last_mut() {
            Some(last) if finding.start <= last.end => last.end = last.end.max(finding.end),
            _ => merged.push(finding),
        }
    }
    merged
}
