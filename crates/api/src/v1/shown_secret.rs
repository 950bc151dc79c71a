//! A secret that an answer tells to who may know it.

use domain::SecretText;
use serde::{Serialize, Serializer};

/// Writes the secret out. There is no `Debug` of it.
pub(super) struct ShownSecret(pub(super) SecretText);

impl Serialize for ShownSecret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}
