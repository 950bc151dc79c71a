//! What may be said of the keys of an installation: which there are and what for. A key itself is
//! never here.

#[cfg(test)]
mod tests;

/// What keys of a list are for. Each list rotates for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyKind {
    /// Wraps the keys of teams and people.
    Master,
    /// Hashes tokens and recovery codes.
    Pepper,
    /// Seals lines of the audit trail.
    Audit,
}

impl KeyKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Master, Self::Pepper, Self::Audit];

    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Master => "master",
            Self::Pepper => "pepper",
            Self::Audit => "audit",
        }
    }

    /// What hangs on a key of the kind, in the plural.
    pub fn dependents(self) -> &'static str {
        match self {
            Self::Master => "wrapped keys of teams and people",
            Self::Pepper => "live tokens, sessions, links and recovery codes",
            Self::Audit => "lines of the audit trail",
        }
    }
}

/// One key of the ring, without the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RingKey {
    /// Its name, unique in the ring.
    pub id: String,
    /// What it is for.
    pub kind: KeyKind,
    /// Whether it is used for everything new; the others only open or verify what they were used for.
    pub is_active: bool,
}

/// How a process tells the others which keys it holds: the active key of each kind first, in the order
/// of [`KeyKind::ALL`], then all the others.
pub fn published_key_ids(ring: &[RingKey]) -> Vec<String> {
    let mut keys: Vec<&RingKey> = ring.iter().collect();
    keys.sort_by_key(|key| (!key.is_active, key.kind));
    keys.into_iter().map(|key| key.id.clone()).collect()
}

/// The key that a process uses for everything new, as it published it; `None` when it published none.
pub fn active_key_id(published: &[String], kind: KeyKind) -> Option<&str> {
    let place = KeyKind::ALL.iter().position(|other| *other == kind)?;
    published.get(place).map(String::as_str)
}
