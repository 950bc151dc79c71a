//! The one redactor for foreign text: what the platform, a proxy or a library says may repeat a
//! secret that we sent. It knows names of secret fields and shapes of secrets, never their values.

mod cut;
mod fields;
mod findings;
mod shapes;
mod value;

pub use fields::is_secret_field;

use std::borrow::Cow;

#[cfg(test)]
mod tests;

/// What stands where a secret was.
pub const REDACTED: &str = "[redacted]";

/// Longest foreign text that is kept, in characters.
pub const FOREIGN_TEXT_LENGTH_MAX: usize = 200;

/// Makes text of unknown origin fit for logs, job logs and answers: secrets are replaced by
/// [`REDACTED`], control characters by spaces, and the rest is cut to [`FOREIGN_TEXT_LENGTH_MAX`]
/// characters (the last is then `…`). Redaction comes before the cut, so no cut can hide the name
/// that gives a secret away.
pub fn foreign_text(text: &str) -> String {
    cut::one_line(&without_secrets(text), FOREIGN_TEXT_LENGTH_MAX)
}

/// Replaces secrets by [`REDACTED`] and leaves everything else as it is.
pub fn without_secrets(text: &str) -> Cow<'_, str> {
    let findings = findings::secrets_in(text);
    if findings.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut position = 0;
    for finding in findings {
        kept.push_str(&text[position..finding.start]);
        kept.push_str(REDACTED);
        position = finding.end;
    }
    kept.push_str(&text[position..]);
    Cow::Owned(kept)
}

/// Removes the values of `session` and every other secret parameter from a URL, a user and password
/// before the host, and anything that has the shape of a secret. Works on malformed URLs too.
pub fn redact_query(url: &str) -> String {
    let parameters_start = url.find(['?', '#']).unwrap_or(url.len());
    let (before, parameters) = url.split_at(parameters_start);
    let mut kept = before.to_owned();
    for pair in parameters.split_inclusive(['?', '#', '&', ';']) {
        kept.push_str(&redacted_pair(pair));
    }
    without_secrets(&kept).into_owned()
}

/// One `name=value` with the separator that ends it.
fn redacted_pair(pair: &str) -> Cow<'_, str> {
    let Some((name, value)) = pair.split_once('=') else {
        return Cow::Borrowed(pair);
    };
    if !fields::is_secret_encoded_field(name) {
        return Cow::Borrowed(pair);
    }
    let separator = value
        .chars()
        .next_back()
        .filter(|last| matches!(last, '?' | '#' | '&' | ';'));
    let separator = separator.map(String::from).unwrap_or_default();
    Cow::Owned(format!("{name}={REDACTED}{separator}"))
}
