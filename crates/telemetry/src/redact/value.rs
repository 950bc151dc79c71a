//! Where the value of a named field begins and ends: forms, queries, JSON (also inside a JSON
//! string), headers, HTML attributes. It knows no field names.

use std::ops::Range;

/// Spaces that may stand between a name, its separator and its value.
const SPACES_MAX: usize = 8;

/// Longest index in brackets behind a name, in bytes.
const INDEX_MAX: usize = 16;

/// Whether a value counts only after `=` or `:`, or also when it merely follows in quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    /// `=`, `:` or an encoding of them is needed.
    Needed,
    /// `password "x"` counts as well.
    OrQuote,
}

/// The first byte from `from` on that `belongs` refuses.
pub(super) fn end_of(text: &str, from: usize, belongs: impl Fn(u8) -> bool) -> usize {
    let bytes = text.as_bytes();
    (from..bytes.len())
        .find(|index| !belongs(bytes[*index]))
        .unwrap_or(bytes.len())
}

/// The value of the field whose name ends at `name_end`; `None` when the name is only a word in a
/// sentence, or the value is empty.
pub(super) fn value_after(
    text: &str,
    name_end: usize,
    separator: Separator,
) -> Option<Range<usize>> {
    let (after_quote, name_quoted) = skip_closing_quote(text, name_end);
    let before_separator = skip_spaces(text, after_quote);
    let found = skip_separator(text, before_separator);
    let (start, encoded) = match found {
        Some((end, encoded)) => (skip_spaces(text, end), encoded),
        None if separator == Separator::OrQuote && before_separator > after_quote => {
            (before_separator, false)
        }
        None => return None,
    };
    let range = if let Some(range) = quoted(text, start) {
        range
    } else if found.is_none() {
        return None;
    } else if starts_with_any(text, start, b"{[") {
        start..end_of_nested(text, start)
    } else {
        start..end_of_bare(text, start, name_quoted, encoded)
    };
    (!range.is_empty()).then_some(range)
}

fn starts_with_any(text: &str, at: usize, bytes: &[u8]) -> bool {
    text.as_bytes()
        .get(at)
        .is_some_and(|byte| bytes.contains(byte))
}

fn skip_spaces(text: &str, from: usize) -> usize {
    end_of(text, from, |byte| byte.is_ascii_whitespace()).min(from + SPACES_MAX)
}

fn skip_closing_quote(text: &str, from: usize) -> (usize, bool) {
    let rest = &text[from..];
    for quote in ["&quot;", "&#34;", "%22"] {
        if rest.starts_with(quote) {
            return (from + quote.len(), true);
        }
    }
    let after_backslashes = end_of(text, from, |byte| byte == b'\\');
    if starts_with_any(text, after_backslashes, b"\"'`") {
        (after_backslashes + 1, true)
    } else {
        (after_index(text, from), false)
    }
}

/// Behind the index of `name[index]` or the bracket of `data[name]`.
fn after_index(text: &str, from: usize) -> usize {
    let opened = from + usize::from(starts_with_any(text, from, b"["));
    let inside = end_of(text, opened, |byte| byte.is_ascii_alphanumeric()).min(opened + INDEX_MAX);
    if starts_with_any(text, inside, b"])") {
        inside + 1
    } else {
        from
    }
}

/// Where the separator ends, and whether it was percent-encoded.
fn skip_separator(text: &str, from: usize) -> Option<(usize, bool)> {
    let rest = text.as_bytes().get(from..)?;
    match rest {
        [b'=' | b':', b'>' | b'=', ..] => Some((from + 2, false)),
        [b'=' | b':', ..] => Some((from + 1, false)),
        [b'%', b'3', b'd' | b'D' | b'a' | b'A', ..] => Some((from + 3, true)),
        _ => None,
    }
}

/// A quoted value, without its quotes. A quote behind `n` backslashes (JSON inside a JSON string)
/// is closed by one behind `n`, counted modulo the doubling that each level of nesting brings.
fn quoted(text: &str, start: usize) -> Option<Range<usize>> {
    for quote in ["&quot;", "&#34;", "%22"] {
        if let Some(rest) = text[start..].strip_prefix(quote) {
            let inner = start + quote.len();
            return Some(inner..rest.find(quote).map_or(text.len(), |length| inner + length));
        }
    }
    let opener = end_of(text, start, |byte| byte == b'\\');
    let depth = opener - start;
    let quote = *text.as_bytes().get(opener)?;
    if !matches!(quote, b'"' | b'\'' | b'`') {
        return None;
    }
    let inner = opener + 1;
    Some(inner..end_of_quoted(text, inner, quote, depth))
}

fn end_of_quoted(text: &str, from: usize, quote: u8, depth: usize) -> usize {
    let mut backslashes = 0;
    for (offset, byte) in text.as_bytes()[from..].iter().enumerate() {
        if *byte == quote && backslashes % (2 * (depth + 1)) == depth {
            return from + offset - backslashes.min(depth);
        }
        backslashes = if *byte == b'\\' { backslashes + 1 } else { 0 };
    }
    text.len()
}

/// Through the bracket that closes the one at `start`; brackets in strings do not count.
fn end_of_nested(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut open = 0_usize;
    let mut position = start;
    while let Some(byte) = bytes.get(position) {
        match byte {
            b'{' | b'[' => open += 1,
            b'}' | b']' => open -= 1,
            b'"' => position = end_of_quoted(text, position + 1, b'"', 0),
            _ => {}
        }
        position += 1;
        if open == 0 {
            return position;
        }
    }
    bytes.len()
}

fn end_of_bare(text: &str, start: usize, in_json: bool, encoded: bool) -> usize {
    let end = end_of(text, start, |byte| {
        let ends_json = in_json && matches!(byte, b',' | b'}' | b']');
        !byte.is_ascii_whitespace() && !matches!(byte, b'&' | b'<' | b'"') && !ends_json
    });
    if encoded {
        text[start..end]
            .find("%26")
            .map_or(end, |length| start + length)
    } else {
        end
    }
}
