//! Quoting for POSIX shells: between single quotes nothing has a meaning but the single quote itself.

/// The word, so that a shell takes it for one word with exactly these characters.
pub(super) fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}
