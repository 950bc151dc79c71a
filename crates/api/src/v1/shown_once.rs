//! A secret that is told to its owner in one answer and never again.

use domain::SecretText;
use serde::{Serialize, Serializer};

/// Writes the secret out. There is no `Debug` of it.
pub(super) struct ShownOnce(pub(super) SecretText);

impl Serialize for ShownOnce {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}
