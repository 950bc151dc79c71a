//! Answers of the marketplace: installations begun, and add-ons on offer.

use super::{lenient, list};
use serde::Deserialize;

/// What `jps/install` and `installaddon` answer, as far as we need it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct InstallAnswer {
    #[serde(rename = "uniqueName", deserialize_with = "lenient::text")]
    pub(crate) unique_name: Option<String>,
    #[serde(deserialize_with = "nested")]
    pub(crate) response: Option<NestedInstall>,
}

/// The same, one level down.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NestedInstall {
    #[serde(rename = "uniqueName", deserialize_with = "lenient::text")]
    pub(crate) unique_name: Option<String>,
}

/// A manifest may return anything; what is not an object holds no name.
fn nested<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<NestedInstall>, D::Error> {
    struct AnyShape;

    impl<'de> serde::de::Visitor<'de> for AnyShape {
        type Value = Option<NestedInstall>;

        fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("any value")
        }
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_seq<A: serde::de::SeqAccess<'de>>(
            self,
            mut list: A,
        ) -> Result<Self::Value, A::Error> {
            while list.next_element::<serde::de::IgnoredAny>()?.is_some() {}
            Ok(None)
        }
        fn visit_map<A: serde::de::MapAccess<'de>>(
            self,
            object: A,
        ) -> Result<Self::Value, A::Error> {
            NestedInstall::deserialize(serde::de::value::MapAccessDeserializer::new(object))
                .map(Some)
        }
    }

    from.deserialize_any(AnyShape)
}

impl InstallAnswer {
    /// The name of the installation, from the outermost level that has one.
    pub(crate) fn installed_name(self) -> Option<String> {
        self.unique_name
            .or_else(|| self.response.and_then(|nested| nested.unique_name))
    }
}

/// What `getaddonlist` answers.
#[derive(Debug, Deserialize)]
pub(crate) struct AddonList {
    #[serde(deserialize_with = "list::list")]
    pub(crate) apps: Vec<OfferedApp>,
}

/// One add-on on offer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct OfferedApp {
    #[serde(deserialize_with = "lenient::text")]
    pub(crate) app_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub(crate) id: Option<String>,
}
