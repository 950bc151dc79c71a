//! What is wrong with a JSON body, in our words. The parser's own sentences repeat the value, which
//! may be a secret; only names of fields and what was expected are taken from them.

use crate::problem::{Fault, Problem};
use serde_path_to_error::Segment;

/// Longest field name that is repeated to the client, in characters.
const NAME_LENGTH_MAX: usize = 64;

/// A body that is not JSON at all.
pub(super) fn syntax(error: &serde_json::Error) -> Problem {
    let detail = if error.is_eof() {
        "ends before the JSON value does".to_owned()
    } else {
        format!(
            "is not JSON (line {}, column {})",
            error.line(),
            error.column()
        )
    };
    Problem::malformed(Fault::in_body("", detail))
}

/// JSON of another shape than the wanted one.
pub(super) fn shape(error: &serde_path_to_error::Error<serde_json::Error>) -> Fault {
    let sentence = error.inner().to_string();
    let mut pointer = pointer_of(error.path());
    // An unknown field is part of the path already; a repeated or missing one is not.
    let repeated = quoted_after(&sentence, "duplicate field `");
    let missing = quoted_after(&sentence, "missing field `");
    let detail = if sentence.starts_with("unknown field `") {
        "is not a known field".to_owned()
    } else if let Some(name) = repeated {
        push(&mut pointer, name);
        "is given twice".to_owned()
    } else if let Some(name) = missing {
        push(&mut pointer, name);
        "is required".to_owned()
    } else {
        match expected(&sentence) {
            Some(expected) => format!("must be {expected}"),
            None => "does not have the expected form".to_owned(),
        }
    };
    Fault::in_body(pointer, detail)
}

fn pointer_of(path: &serde_path_to_error::Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => push(&mut pointer, &index.to_string()),
            Segment::Map { key } => push(&mut pointer, key),
            Segment::Enum { variant } => push(&mut pointer, variant),
            Segment::Unknown => {}
        }
    }
    pointer
}

/// The pointer to a field of the object at `parent`.
pub(crate) fn pointer_to(parent: &str, field: &str) -> String {
    let mut pointer = parent.to_owned();
    push(&mut pointer, field);
    pointer
}

/// Appends a segment, escaped by the rules of JSON pointers.
pub(super) fn push(pointer: &mut String, segment: &str) {
    let short: String = segment.chars().take(NAME_LENGTH_MAX).collect();
    pointer.push('/');
    pointer.push_str(&short.replace('~', "~0").replace('/', "~1"));
}

fn quoted_after<'a>(sentence: &'a str, prefix: &str) -> Option<&'a str> {
    let rest = sentence.strip_prefix(prefix)?;
    rest.split_once('`').map(|(name, _)| name)
}

/// What the parser expected. It stands at the end of its sentence and is written by us; the value,
/// which may hold the same word, stands before it.
fn expected(sentence: &str) -> Option<&str> {
    let (_, expected) = sentence.rsplit_once(", expected ")?;
    let end = expected.rfind(" at line ").unwrap_or(expected.len());
    Some(&expected[..end])
}
