//! One level of an envelope, read without keeping what it does not need: memory does not grow with
//! the payload, and depth is bounded.

use crate::wire::lenient::Scalar;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// How many envelopes inside each other are looked at. Three are documented.
const DEPTH_MAX: u8 = 6;
/// Longest text that is kept, in characters; it is redacted and cut further before anyone sees it.
const TEXT_LENGTH_MAX: usize = 2_000;

/// What stands under `response`, or the whole answer.
#[derive(Default)]
pub(super) enum Member {
    /// Not there, or `null`.
    #[default]
    Absent,
    /// Something that is no envelope.
    Other,
    /// An envelope.
    Envelope(Box<Level>),
}

/// What stands under `result`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ResultMember {
    /// A number, in any spelling.
    Code(i64),
    /// Something that is no number.
    Unreadable,
}

impl ResultMember {
    /// Whether it says anything but success.
    pub(super) fn is_failure(self) -> bool {
        self != Self::Code(0)
    }

    /// The number, when it is one.
    pub(super) fn code(self) -> Option<i64> {
        match self {
            Self::Code(code) => Some(code),
            Self::Unreadable => None,
        }
    }
}

/// One envelope.
#[derive(Default)]
pub(super) struct Level {
    pub(super) result: Option<ResultMember>,
    pub(super) text: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) response: Member,
    pub(super) has_responses: bool,
    /// The first result of a node that is not zero.
    pub(super) node_failure: Option<ResultMember>,
    pub(super) node_text: Option<String>,
}

impl<'de> Deserialize<'de> for Member {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        MemberSeed { depth: DEPTH_MAX }.deserialize(from)
    }
}

#[derive(Clone, Copy)]
struct MemberSeed {
    depth: u8,
}

impl<'de> DeserializeSeed<'de> for MemberSeed {
    type Value = Member;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Member, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for MemberSeed {
    type Value = Member;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Member, E> {
        Ok(Member::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Member, E> {
        Ok(Member::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Member, E> {
        Ok(Member::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Member, E> {
        Ok(Member::Other)
    }

    fn visit_str<E>(self, _: &str) -> Result<Member, E> {
        Ok(Member::Other)
    }

    fn visit_unit<E>(self) -> Result<Member, E> {
        Ok(Member::Absent)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Member, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Member::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Member, A::Error> {
        let mut level = Level::default();
        while let Some(key) = object.next_key::<Key>()? {
            match key {
                Key::Result => level.take_result(&object.next_value()?),
                Key::Error => level.text = object.next_value::<Text>()?.0.or(level.text),
                Key::Message => level.text = level.text.or(object.next_value::<Text>()?.0),
                Key::Kind => level.kind = object.next_value::<Text>()?.0,
                Key::Response if self.depth > 0 => {
                    level.response = object.next_value_seed(Self {
                        depth: self.depth - 1,
                    })?;
                }
                Key::Response => {
                    object.next_value::<IgnoredAny>()?;
                    level.response = Member::Envelope(Box::new(Level::unread()));
                }
                Key::Responses => object.next_value::<NodeResults>()?.give_to(&mut level),
                Key::Unknown => {
                    object.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Member::Envelope(Box::new(level)))
    }
}

impl Level {
    /// A level too deep to be looked at: what it says may be a failure.
    fn unread() -> Self {
        Self {
            result: Some(ResultMember::Unreadable),
            ..Self::default()
        }
    }

    /// A member that stands twice must not hide a failure.
    fn take_result(&mut self, value: &Scalar) {
        let is_failure = self.result.is_some_and(ResultMember::is_failure);
        if !is_failure && *value != Scalar::Null {
            let read = value.integer();
            self.result = Some(read.map_or(ResultMember::Unreadable, ResultMember::Code));
        }
    }
}

enum Key {
    Result,
    Error,
    Message,
    Kind,
    Response,
    Responses,
    Unknown,
}

struct KeyVisitor;

impl Visitor<'_> for KeyVisitor {
    type Value = Key;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a member name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Key, E> {
        Ok(match name {
            "result" => Key::Result,
            "error" => Key::Error,
            "message" => Key::Message,
            "type" => Key::Kind,
            "response" => Key::Response,
            "responses" => Key::Responses,
            _ => Key::Unknown,
        })
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_str(KeyVisitor)
    }
}

/// A text, cut; anything else is none.
struct Text(Option<String>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = match Scalar::deserialize(from)? {
            Scalar::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        };
        Ok(Self(
            text.map(|text| text.chars().take(TEXT_LENGTH_MAX).collect()),
        ))
    }
}

/// The results of nodes, folded while they are read.
#[derive(Default)]
struct NodeResults {
    is_present: bool,
    failure: Option<ResultMember>,
    text: Option<String>,
}

impl NodeResults {
    fn take(&mut self, node: Member) {
        let Member::Envelope(node) = node else {
            return;
        };
        let failed = node.result.filter(|result| result.is_failure());
        let inner = match node.response {
            Member::Envelope(inner) => inner.result.filter(|result| result.is_failure()),
            Member::Absent | Member::Other => None,
        };
        if self.failure.is_none()
            && let Some(result) = failed.or(inner)
        {
            self.failure = Some(result);
            self.text = node.text;
        }
    }

    fn give_to(self, level: &mut Level) {
        level.has_responses |= self.is_present;
        level.node_failure = level.node_failure.or(self.failure);
        level.node_text = level.node_text.take().or(self.text);
    }
}

struct NodeResultsVisitor;

impl<'de> Visitor<'de> for NodeResultsVisitor {
    type Value = NodeResults;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of results")
    }

    fn visit_unit<E: Error>(self) -> Result<NodeResults, E> {
        Ok(NodeResults::default())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<NodeResults, E> {
        Ok(NodeResults {
            is_present: true,
            ..NodeResults::default()
        })
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<NodeResults, E> {
        self.visit_bool(true)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<NodeResults, E> {
        self.visit_bool(true)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<NodeResults, E> {
        self.visit_bool(true)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<NodeResults, E> {
        self.visit_bool(true)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<NodeResults, A::Error> {
        let mut results = NodeResults {
            is_present: true,
            ..NodeResults::default()
        };
        while let Some(node) = list.next_element_seed(MemberSeed { depth: 1 })? {
            results.take(node);
        }
        Ok(results)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<NodeResults, A::Error> {
        let mut results = NodeResults {
            is_present: true,
            ..NodeResults::default()
        };
        while object.next_key::<IgnoredAny>()?.is_some() {
            results.take(object.next_value_seed(MemberSeed { depth: 1 })?);
        }
        Ok(results)
    }
}

impl<'de> Deserialize<'de> for NodeResults {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(NodeResultsVisitor)
    }
}
