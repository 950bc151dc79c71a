//! A password or token of the world file.
//!
//! It must not know how it is checked; it only keeps the text out of logs.

use std::fmt;

use serde::Deserialize;

/// Text that `Debug` does not show.
#[derive(Clone, Deserialize, Eq, PartialEq)]
#[serde(transparent)]
pub struct WorldSecret(String);

impl WorldSecret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for comparing and for tests that sign in.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for WorldSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("WorldSecret(…)")
    }
}
