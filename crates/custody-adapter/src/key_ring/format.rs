//! The text form of a key ring: JSON with keys in base64. It knows no file.

use super::{KeyRing, NamedKey};
use crate::key::{KEY_LENGTH_BYTES, Key};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::borrow::Cow;
use std::collections::BTreeSet;
use zeroize::Zeroizing;

const FORMAT: u32 = 1;
/// Fits the length byte of a wrapped team key, with room.
const ID_LENGTH_MAX: usize = 64;
/// Room for a ring of some dozen keys, so that writing it leaves no copies of grown buffers.
const TEXT_CAPACITY_BYTES: usize = 16 * 1024;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RingText<'ring> {
    format: u32,
    #[serde(borrow)]
    master_keys: Vec<NamedKeyText<'ring>>,
    #[serde(borrow)]
    peppers: Vec<NamedKeyText<'ring>>,
    #[serde(borrow)]
    audit_keys: Vec<NamedKeyText<'ring>>,
    fingerprint_key: KeyText,
    cursor_key: KeyText,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NamedKeyText<'ring> {
    #[serde(borrow)]
    id: Cow<'ring, str>,
    key: KeyText,
    state: StateText,
}

#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum StateText {
    /// Used for everything new.
    Active,
    /// Still opens, or still verifies, what it was used for.
    DecryptOnly,
}

struct KeyText(Key);

impl Serialize for KeyText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Zeroizing::new(STANDARD.encode(self.0.expose())))
    }
}

impl<'de> Deserialize<'de> for KeyText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Base64 needs no escapes, so the text is borrowed from the buffer that is wiped.
        let text = <&str>::deserialize(deserializer)?;
        let mut bytes = Zeroizing::new([0; KEY_LENGTH_BYTES + 3]);
        let length = STANDARD
            .decode_slice(text, bytes.as_mut_slice())
            .map_err(|_| de::Error::custom("key"))?;
        Key::from_slice(&bytes[..length])
            .map(Self)
            .ok_or_else(|| de::Error::custom("key"))
    }
}

/// Reads a ring. The error says where and what is wrong, never what is written there.
pub(super) fn parse(text: &[u8]) -> Result<KeyRing, String> {
    // The parser's own message may quote the text, so only the position is taken from it.
    let ring: RingText<'_> = serde_json::from_slice(text)
        .map_err(|error| format!("line {}, column {}", error.line(), error.column()))?;
    if ring.format != FORMAT {
        return Err(format!("format {} instead of {FORMAT}", ring.format));
    }
    let lists = [&ring.master_keys, &ring.peppers, &ring.audit_keys];
    check_ids(lists.into_iter().flatten())?;
    Ok(KeyRing {
        master_keys: named_keys("master_keys", ring.master_keys)?,
        peppers: named_keys("peppers", ring.peppers)?,
        audit_keys: named_keys("audit_keys", ring.audit_keys)?,
        fingerprint_key: ring.fingerprint_key.0,
        cursor_key: ring.cursor_key.0,
    })
}

/// Commands name a key by its id alone, whatever it is for.
fn check_ids<'text>(
    keys: impl Iterator<Item = &'text NamedKeyText<'text>>,
) -> Result<(), &'static str> {
    let mut ids = BTreeSet::new();
    for key in keys {
        if !is_valid_id(&key.id) {
            return Err("an id is not 1 to 64 of a-z 0-9 _ -");
        }
        if !ids.insert(key.id.as_ref()) {
            return Err("two keys are named alike");
        }
    }
    Ok(())
}

/// The active key moves to the front; the others keep their order.
fn named_keys(list: &str, keys: Vec<NamedKeyText<'_>>) -> Result<Vec<NamedKey>, String> {
    let count = keys
        .iter()
        .filter(|key| key.state == StateText::Active)
        .count();
    if count != 1 {
        return Err(format!("{list} has {count} active keys instead of one"));
    }
    let (mut active, others): (Vec<_>, Vec<_>) = keys
        .into_iter()
        .partition(|key| key.state == StateText::Active);
    active.extend(others);
    let named = active.into_iter().map(|key| NamedKey {
        id: key.id.into_owned(),
        key: key.key.0,
    });
    Ok(named.collect())
}

fn is_valid_id(id: &str) -> bool {
    let allowed =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte);
    (1..=ID_LENGTH_MAX).contains(&id.len()) && id.bytes().all(allowed)
}

/// Writes a ring; the buffer is wiped when dropped.
pub(super) fn render(ring: &KeyRing) -> Zeroizing<Vec<u8>> {
    let text = RingText {
        format: FORMAT,
        master_keys: named_texts(&ring.master_keys),
        peppers: named_texts(&ring.peppers),
        audit_keys: named_texts(&ring.audit_keys),
        fingerprint_key: KeyText(ring.fingerprint_key.clone()),
        cursor_key: KeyText(ring.cursor_key.clone()),
    };
    let mut bytes = Zeroizing::new(Vec::with_capacity(TEXT_CAPACITY_BYTES));
    serde_json::to_writer_pretty(&mut *bytes, &text)
        .expect("a struct of strings and numbers is always valid JSON");
    bytes.push(b'\n');
    bytes
}

fn named_texts(keys: &[NamedKey]) -> Vec<NamedKeyText<'_>> {
    let texts = keys.iter().enumerate().map(|(index, named)| NamedKeyText {
        id: Cow::Borrowed(named.id.as_str()),
        key: KeyText(named.key.clone()),
        state: if index == 0 {
            StateText::Active
        } else {
            StateText::DecryptOnly
        },
    });
    texts.collect()
}
