//! Lists as the platform writes them: an array, an object whose members are the elements, one bare
//! element is not accepted, `null` is empty.

use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::marker::PhantomData;

#[cfg(test)]
mod tests;

struct ListVisitor<Element>(PhantomData<Element>);

impl<'de, Element: Deserialize<'de>> Visitor<'de> for ListVisitor<Element> {
    type Value = Vec<Element>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list, or an object of elements")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        if text.is_empty() {
            Ok(Vec::new())
        } else {
            Err(E::custom("a text stands where a list is expected"))
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = list.next_element()? {
            elements.push(element);
        }
        Ok(elements)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut elements = Vec::new();
        while object.next_key::<IgnoredAny>()?.is_some() {
            elements.push(object.next_value()?);
        }
        Ok(elements)
    }
}

/// For `deserialize_with`. An element that cannot be read fails the list: lists serve as proof that
/// something is absent, so nothing may be dropped in silence.
pub(crate) fn list<'de, D, Element>(from: D) -> Result<Vec<Element>, D::Error>
where
    D: Deserializer<'de>,
    Element: Deserialize<'de>,
{
    from.deserialize_any(ListVisitor(PhantomData))
}
