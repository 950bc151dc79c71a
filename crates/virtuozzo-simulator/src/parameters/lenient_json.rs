//! JSON as the platform reads it: strict text, or text quoted with single quotes.
//!
//! It must not accept anything else (`True`, `None`, trailing commas): no source shows that the
//! platform does.

use serde_json::Value;

pub(super) fn parse(text: &str) -> Option<Value> {
    let strict = serde_json::from_str(text);
    strict
        .or_else(|_| serde_json::from_str(&with_double_quotes(text)))
        .ok()
}

fn with_double_quotes(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    let mut open_quote: Option<char> = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (open_quote, character) {
            (Some('\''), '\\') => match characters.next() {
                Some('\'') => output.push('\''),
                Some(escaped) => output.extend(['\\', escaped]),
                None => output.push('\\'),
            },
            (Some('"'), '\\') => {
                output.push('\\');
                output.extend(characters.next());
            }
            (Some('\''), '"') => output.push_str("\\\""),
            (Some('"'), '\'') => output.push('\''),
            (_, '\'' | '"') => {
                open_quote = if open_quote.is_none() {
                    Some(character)
                } else {
                    None
                };
                output.push('"');
            }
            (_, other) => output.push(other),
        }
    }
    output
}
