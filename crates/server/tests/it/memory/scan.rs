//! Looks for secrets in the memory of a process, from outside.

use super::attribution::{Layer, layer_of};
use super::mappings::{Kind, Mapping, mappings_of};
use std::fs::File;
use std::os::unix::fs::FileExt as _;

/// What a piece of a secret is long. Freeing a block overwrites its first sixteen bytes, so a whole
/// secret is not what is left of one.
const PIECE_BYTES: usize = 16;
/// Of the bytes around a copy, those that tell whose it is.
const BEFORE_BYTES: usize = 8 * 1024;
const AFTER_BYTES: usize = 64;
/// Two pieces that are not further apart belong to one copy, however it is encoded.
const COPY_BYTES: u64 = 96;

/// A secret, as the pieces that are looked for: bytes that no encoding changes.
pub(super) struct Wanted {
    pub(super) name: &'static str,
    pieces: [Vec<u8>; 2],
}

impl Wanted {
    /// A secret that begins and ends with sixteen letters or digits.
    pub(super) fn secret(name: &'static str, secret: &str) -> Self {
        let wanted = Self::text(name, secret);
        let is_plain = |piece: &Vec<u8>| piece.iter().all(u8::is_ascii_alphanumeric);
        assert!(
            wanted.pieces.iter().all(is_plain),
            "{name} changes when encoded"
        );
        wanted
    }

    /// Any other text, as it is.
    pub(super) fn text(name: &'static str, text: &str) -> Self {
        let bytes = text.as_bytes();
        assert!(bytes.len() >= 2 * PIECE_BYTES, "{name} is too short");
        let pieces = [
            bytes[..PIECE_BYTES].to_vec(),
            bytes[bytes.len() - PIECE_BYTES..].to_vec(),
        ];
        Self { name, pieces }
    }
}

/// A copy of a secret, or what is left of one.
pub(super) struct Found {
    pub(super) name: &'static str,
    pub(super) layer: Layer,
    pub(super) kind: Kind,
    address: u64,
    around: String,
}

impl std::fmt::Display for Found {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            name,
            layer,
            kind,
            address,
            around,
        } = self;
        write!(
            formatter,
            "{name} ({layer:?}, {kind:?} at {address:#x}): {around}"
        )
    }
}

/// What one look into a process gave.
pub(super) struct Scan {
    pub(super) found: Vec<Found>,
    pub(super) bytes: u64,
}

/// Reads all memory of the process that it may have written to. Needs the right to look into it: it is
/// a child, or this is root.
pub(super) fn scan(process: u32, wanted: &[Wanted]) -> Scan {
    let memory = File::open(format!("/proc/{process}/mem")).expect("a child may be looked into");
    let mut scan = Scan {
        found: Vec::new(),
        bytes: 0,
    };
    for mapping in mappings_of(process) {
        let content = read(&memory, &mapping);
        scan.bytes += content.len() as u64;
        find_all(&content, &mapping, wanted, &mut scan.found);
    }
    scan
}

/// What the mapping holds now; nothing when it has gone meanwhile.
fn read(memory: &File, mapping: &Mapping) -> Vec<u8> {
    let length = usize::try_from(mapping.end - mapping.start).expect("an address space");
    let mut content = vec![0; length];
    match memory.read_exact_at(&mut content, mapping.start) {
        Ok(()) => content,
        Err(_) => Vec::new(),
    }
}

fn find_all(content: &[u8], mapping: &Mapping, wanted: &[Wanted], found: &mut Vec<Found>) {
    let mut begins = [false; 256];
    for wanted in wanted {
        for piece in &wanted.pieces {
            begins[usize::from(piece[0])] = true;
        }
    }
    for (place, window) in content.windows(PIECE_BYTES).enumerate() {
        if !begins[usize::from(window[0])] {
            continue;
        }
        for wanted in wanted {
            if !wanted.pieces.iter().any(|piece| piece == window) {
                continue;
            }
            let address = mapping.start + place as u64;
            let is_known = found.last().is_some_and(|last| {
                last.name == wanted.name && address - last.address <= COPY_BYTES
            });
            if !is_known {
                found.push(found_at(content, place, mapping, wanted));
            }
        }
    }
}

fn found_at(content: &[u8], place: usize, mapping: &Mapping, wanted: &Wanted) -> Found {
    let before = &content[place.saturating_sub(BEFORE_BYTES)..place];
    let end = (place + PIECE_BYTES + AFTER_BYTES).min(content.len());
    Found {
        name: wanted.name,
        layer: layer_of(before),
        kind: mapping.kind,
        address: mapping.start + place as u64,
        around: readable(&before[before.len().saturating_sub(200)..])
            + "<HERE>"
            + &readable(&content[place + PIECE_BYTES..end]),
    }
}

fn readable(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

#[test]
fn a_copy_is_found_whole_in_part_and_encoded_and_counted_once() {
    let secret = "Kd93mXw7QpLz2VbN\"\\Rt58hYc4JfGs6TzA";
    let mapping = Mapping {
        start: 4096,
        end: 8192,
        kind: Kind::Heap,
    };
    let count = |content: &[u8]| {
        let mut found = Vec::new();
        find_all(
            content,
            &mapping,
            &[Wanted::secret("password", secret)],
            &mut found,
        );
        found.len()
    };
    assert_eq!(count(secret.as_bytes()), 1);
    assert_eq!(count(b"Kd93mXw7QpLz2VbN%22%5CRt58hYc4JfGs6TzA"), 1);
    assert_eq!(count(&secret.as_bytes()[16..]), 1);
    assert_eq!(count(b"Kd93mXw7QpLz2Vb"), 0);
    let twice = [secret.as_bytes(), &[0; 200], secret.as_bytes()].concat();
    assert_eq!(count(&twice), 2);
}
