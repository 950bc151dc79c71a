//! Texts that must never be printed: no `Debug`, no `Display`, wiped when dropped.

use zeroize::Zeroizing;

/// A secret text. The only way to its content is [`SecretText::expose`], which is easy to search for.
///
/// There is deliberately no `Debug`, `Display`, `PartialEq` or serialisation: a struct that holds one
/// cannot derive them either.
#[derive(Clone)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// Takes ownership of the text; the caller must not keep another copy.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The content, for the one call that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether nothing is inside.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
