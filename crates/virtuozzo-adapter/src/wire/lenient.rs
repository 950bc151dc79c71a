//! Single values as the platform writes them: numbers as texts, flags as texts or numbers, anything
//! absent or `null`. Never fails on a type that it did not expect.

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

#[cfg(test)]
mod tests;

/// One value, read as it came.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scalar {
    /// `null`.
    Null,
    /// A whole number.
    Integer(i64),
    /// `true` or `false`.
    Flag(bool),
    /// A fraction, or a number beyond 64 bits.
    Fraction(f64),
    /// A text.
    Text(String),
    /// A list or an object.
    Other,
}

impl Scalar {
    /// The number it is or spells.
    pub(crate) fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Null | Self::Flag(_) | Self::Fraction(_) | Self::Other => None,
        }
    }

    /// The number it is or spells, with what is behind the point.
    pub(crate) fn number(&self) -> Option<f64> {
        let number = match self {
            #[expect(
                clippy::cast_precision_loss,
                reason = "measurements need no more than 53 bits"
            )]
            Self::Integer(number) => Some(*number as f64),
            Self::Fraction(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Null | Self::Flag(_) | Self::Other => None,
        };
        number.filter(|number| number.is_finite())
    }

    /// The flag it is or spells.
    pub(crate) fn flag(&self) -> Option<bool> {
        match self {
            Self::Flag(flag) => Some(*flag),
            Self::Integer(number) => Some(*number != 0),
            Self::Text(text) if text.eq_ignore_ascii_case("true") || text == "1" => Some(true),
            Self::Text(text) if text.eq_ignore_ascii_case("false") || text == "0" => Some(false),
            Self::Null | Self::Text(_) | Self::Fraction(_) | Self::Other => None,
        }
    }

    /// The text of whatever has one: a text, a number or a flag. An empty text is none.
    pub(crate) fn word(self) -> Option<String> {
        match self {
            Self::Flag(flag) => Some(flag.to_string()),
            Self::Fraction(number) => Some(number.to_string()),
            other => other.text(),
        }
    }

    /// The text it is, or the number in digits. An empty text is none.
    pub(crate) fn text(self) -> Option<String> {
        match self {
            Self::Text(text) if !text.is_empty() => Some(text),
            Self::Integer(number) => Some(number.to_string()),
            Self::Null | Self::Flag(_) | Self::Text(_) | Self::Fraction(_) | Self::Other => None,
        }
    }
}

/// A text as an element of a list: a text, or a number in digits.
#[derive(Debug)]
pub(crate) struct Text(pub(crate) Option<String>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        text(from).map(Self)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Scalar, E> {
        Ok(Scalar::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Scalar, E> {
        Ok(Scalar::Integer(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Scalar, E> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "beyond 64 bits it names no integer of ours"
        )]
        let large = number as f64;
        Ok(i64::try_from(number).map_or(Scalar::Fraction(large), Scalar::Integer))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Scalar, E> {
        // `0.0` is how some serialisers write 0; beyond 2^53 a float does not name one integer.
        let is_whole = number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole and inside 2^53, as tested"
        )]
        let whole = number as i64;
        Ok(if is_whole {
            Scalar::Integer(whole)
        } else {
            Scalar::Fraction(number)
        })
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(text.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Scalar, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Scalar, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

/// For `deserialize_with`: a number or a text that spells one.
pub(crate) fn integer<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    Scalar::deserialize(from).map(|value| value.integer())
}

/// For `deserialize_with`: a flag in any spelling.
pub(crate) fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    Scalar::deserialize(from).map(|value| value.flag())
}

/// For `deserialize_with`: a text or a number in digits; empty is none.
pub(crate) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Scalar::deserialize(from).map(Scalar::text)
}

/// For `deserialize_with`: a number with what is behind the point, or a text that spells one.
pub(crate) fn number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    Scalar::deserialize(from).map(|value| value.number())
}

/// For `deserialize_with`: a text, a number or a flag, spelled out; empty is none.
pub(crate) fn word<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Scalar::deserialize(from).map(Scalar::word)
}
