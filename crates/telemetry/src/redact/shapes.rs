//! Shapes that give a secret away without any name in front of it. It knows no field names.

use super::value;
use std::ops::Range;

/// Texts that begin a secret, or stand right before one.
pub(super) const MARKS: &[&str] = &["wdl_", "eyj", "-----begin", "://", "bearer ", "basic "];

/// A run of this many hexadecimal digits is a key, a token or an identifier of the platform.
const HEX_RUN_LENGTH_MIN: usize = 32;

/// Shortest text after `eyJ` or a scheme word that is taken for a token, in bytes.
const TOKEN_LENGTH_MIN: usize = 16;

/// What is secret around the mark that was found at `at`, if anything.
pub(super) fn secret_at_mark(text: &str, mark: &str, at: usize) -> Option<Range<usize>> {
    let after = at + mark.len();
    match mark {
        "wdl_" => Some(at..value::end_of(text, at, is_token_byte)),
        "eyj" => long_token(text, at, at),
        "bearer " | "basic " => long_token(text, after, after),
        "-----begin" => Some(at..end_of_pem(text, after)),
        "://" => end_of_user_info(text, after).map(|end| after..end),
        _ => None,
    }
}

fn long_token(text: &str, scan_from: usize, redact_from: usize) -> Option<Range<usize>> {
    let end = value::end_of(text, scan_from, |byte| {
        is_token_byte(byte) || matches!(byte, b'.' | b'/' | b'+' | b'=')
    });
    (end - scan_from >= TOKEN_LENGTH_MIN).then_some(redact_from..end)
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// Through the dashes that close the block; without them, through the end of the text.
fn end_of_pem(text: &str, from: usize) -> usize {
    let rest = text[from..].to_ascii_lowercase();
    let Some(end_mark) = rest.find("-----end") else {
        return text.len();
    };
    let closing = end_mark + "-----end".len();
    rest[closing..]
        .find("-----")
        .map_or(text.len(), |dashes| from + closing + dashes + 5)
}

/// Where `user:password` before an `@` ends; `None` when no `@` comes before the path.
fn end_of_user_info(text: &str, from: usize) -> Option<usize> {
    let end = value::end_of(text, from, |byte| {
        !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'?' | b'#' | b'"' | b'<')
    });
    text[from..end].rfind('@').map(|length| from + length)
}

/// Long runs of hexadecimal digits. A platform session, `<hex>x<32 hex>`, is redacted from its first
/// digit, not only from the `x`.
pub(super) fn hex_runs(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut runs = Vec::new();
    let mut position = 0;
    while position < bytes.len() {
        if !bytes[position].is_ascii_hexdigit() {
            position += 1;
            continue;
        }
        let start = position;
        position = value::end_of(text, start, |byte| byte.is_ascii_hexdigit());
        let session_tail = bytes
            .get(position)
            .is_some_and(|byte| matches!(byte, b'x' | b'X'));
        if session_tail {
            let tail_end = value::end_of(text, position + 1, |byte| byte.is_ascii_hexdigit());
            if tail_end - (position + 1) >= HEX_RUN_LENGTH_MIN {
                position = tail_end;
            }
        }
        if position - start >= HEX_RUN_LENGTH_MIN {
            runs.push(start..position);
        }
    }
    runs
}
