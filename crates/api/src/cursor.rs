//! Cursors: an opaque place in a list. A cursor carries a keyed hash over whose list it is, the list and
//! the place, so a client can neither make one up nor use it elsewhere.

use crate::problem::{Fault, Problem};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ports::TokenHasher;
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use subtle::ConstantTimeEq as _;

#[cfg(test)]
mod tests;

/// 128 bits of the keyed hash: cursors are no credentials, and shorter links are kinder.
const MAC_LENGTH: usize = 16;
/// Longest cursor that is looked at, in bytes.
const CURSOR_LENGTH_MAX: usize = 256;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place<Position> {
    after: Position,
}

/// Makes and reads the cursors of one list.
pub(crate) struct Cursors<'a> {
    pub(crate) hasher: &'a dyn TokenHasher,
    /// Whose list it is: a team, or a person.
    pub(crate) of: &'a (dyn Display + Sync),
    /// The list, and whatever narrows it.
    pub(crate) list: &'a str,
}

impl Cursors<'_> {
    /// The cursor of the page after `position`.
    pub(crate) fn write<Position: Serialize>(&self, position: &Position) -> String {
        let place = serde_json::to_vec(&Place { after: position })
            .expect("positions are texts and numbers");
        let mut bytes = self.mac(&place);
        bytes.extend_from_slice(&place);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The position in a cursor of this very list; a problem that points at `cursor` otherwise.
    pub(crate) fn read<Position: for<'de> Deserialize<'de>>(
        &self,
        cursor: &str,
    ) -> Result<Position, Problem> {
        self.verified(cursor).ok_or_else(|| {
            let fault = Fault::in_query("cursor", "must be the `next_cursor` of this very list");
            Problem::invalid(vec![fault])
        })
    }

    fn verified<Position: for<'de> Deserialize<'de>>(&self, cursor: &str) -> Option<Position> {
        if cursor.len() > CURSOR_LENGTH_MAX {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (mac, place) = bytes.split_at_checked(MAC_LENGTH)?;
        if !bool::from(self.mac(place).ct_eq(mac)) {
            return None;
        }
        let place: Place<Position> = serde_json::from_slice(place).ok()?;
        Some(place.after)
    }

    fn mac(&self, place: &[u8]) -> Vec<u8> {
        let mut input = format!("cursor\n{}\n{}\n", self.of, self.list).into_bytes();
        input.extend_from_slice(place);
        let mut mac = self.hasher.fingerprint(&input);
        mac.truncate(MAC_LENGTH);
        mac
    }
}
