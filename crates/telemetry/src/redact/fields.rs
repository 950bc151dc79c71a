//! Which field names belong to secrets. It knows names only, no text around them.

/// Words that make a field secret wherever they stand in its name.
const SECRET_ANYWHERE: &[&str] = &[
    "session",
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "token",
    "secret",
    "credential",
    "authorization",
    "cookie",
];

/// Words that make a field secret when its name ends with them as a word of its own: texts under
/// them hold whole documents, or are secret only by that exact name.
const SECRET_AT_END: &[&str] = &[
    "login",
    "key",
    "settings",
    "vars",
    "env",
    "manifest",
    "body",
    "intermediate",
];

/// Names that run a last word into the one before it.
const SECRET_RUN_TOGETHER: &[&str] = &["apikey", "sshkey", "privatekey", "certkey", "actionkey"];

/// Longest field name that is looked at, in bytes.
pub(super) const FIELD_NAME_LENGTH_MAX: usize = 64;

/// Every word to look for in a text; the index tells nothing.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    SECRET_ANYWHERE.iter().chain(SECRET_AT_END).copied()
}

/// Whether a field of that name holds a secret. Upper and lower case are the same.
pub fn is_secret_field(name: &str) -> bool {
    has_strong_word(name) || ends_with_secret_word(name)
}

/// Whether the name is secret wherever it stands, even before a value that is only quoted.
pub(super) fn has_strong_word(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    SECRET_ANYWHERE.iter().any(|word| lower.contains(word))
}

fn ends_with_secret_word(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    if SECRET_RUN_TOGETHER.iter().any(|word| lower.ends_with(word)) {
        return true;
    }
    SECRET_AT_END.iter().any(|word| {
        lower
            .strip_suffix(word)
            .is_some_and(|before| word_begins_after(name, before.len()))
    })
}

/// Whether a new word begins at `position`: at the start, after a separator, or at a capital letter
/// after a small one.
fn word_begins_after(name: &str, position: usize) -> bool {
    let bytes = name.as_bytes();
    let Some(before) = position.checked_sub(1).and_then(|index| bytes.get(index)) else {
        return true;
    };
    let camel_case =
        before.is_ascii_lowercase() && bytes.get(position).is_some_and(u8::is_ascii_uppercase);
    !before.is_ascii_alphanumeric() || camel_case
}

/// The same for a name as it stands in a URL: percent-encoded, perhaps more than once.
pub(super) fn is_secret_encoded_field(name: &str) -> bool {
    /// Encodings of encodings that are undone.
    const DECODINGS_MAX: usize = 3;
    let mut decoded = name.to_owned();
    for _ in 0..DECODINGS_MAX {
        let trimmed = decoded.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        if is_secret_field(trimmed) {
            return true;
        }
        let next = percent_decoded(&decoded);
        if next == decoded {
            return false;
        }
        decoded = next;
    }
    is_secret_field(&decoded)
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut position = 0;
    while let Some(&byte) = bytes.get(position) {
        let escaped = (byte == b'%')
            .then(|| text.get(position + 1..position + 3))
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(escaped.unwrap_or(byte));
        position += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
