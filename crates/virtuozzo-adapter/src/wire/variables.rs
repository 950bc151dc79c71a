//! Variables of a container. Every value is a secret: straight from the parser into a type that cannot be
//! printed.

use domain::SecretText;
use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;

#[cfg(test)]
mod tests;

/// What `getcontainerenvvars` answers. No `Debug`: it holds secrets.
#[derive(Deserialize)]
pub(crate) struct VariableList {
    /// Required: without it nothing is proven absent.
    pub(crate) object: Variables,
}

/// Names and values. An empty list may stand for the empty object.
pub(crate) struct Variables(pub(crate) BTreeMap<String, SecretText>);

struct VariablesVisitor;

impl<'de> Visitor<'de> for VariablesVisitor {
    type Value = Variables;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of names and values")
    }

    fn visit_unit<E: Error>(self) -> Result<Variables, E> {
        Ok(Variables(BTreeMap::new()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Variables, A::Error> {
        match list.next_element::<IgnoredAny>()? {
            None => self.visit_unit(),
            Some(_) => Err(A::Error::custom(
                "a list stands where an object is expected",
            )),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Variables, A::Error> {
        let mut variables = BTreeMap::new();
        while let Some((name, Value(value))) = object.next_entry()? {
            if let Some(value) = value {
                variables.insert(name, value);
            }
        }
        Ok(Variables(variables))
    }
}

impl<'de> Deserialize<'de> for Variables {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(VariablesVisitor)
    }
}

/// One value: a text, or what has an obvious text. Anything else is none.
struct Value(Option<SecretText>);

struct ValueVisitor;

impl ValueVisitor {
    fn spelled(value: &impl ToString) -> Value {
        Value(Some(SecretText::new(value.to_string())))
    }
}

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Self::spelled(&value))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Self::spelled(&value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Self::spelled(&value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Self::spelled(&value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Self::spelled(&value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value(None))
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ValueVisitor)
    }
}
