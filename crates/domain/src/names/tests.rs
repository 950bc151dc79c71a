use super::{DisplayName, EnvironmentName, IdempotencyKey, PlatformLogin, ShortDomain};
use crate::ids::{EntityId, EnvironmentId};
use uuid::Uuid;

#[test]
fn environment_names_are_slugs_that_start_with_a_letter() {
    for good in ["ab", "shop", "shop-2", "a23456789012345678901234z"] {
        assert!(EnvironmentName::parse(good).is_ok(), "{good}");
    }
    for bad in [
        "",
        "a",
        "Shop",
        "2shop",
        "-shop",
        "shop-",
        "sh op",
        "shöp",
        "a234567890123456789012345z",
    ] {
        assert!(EnvironmentName::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn the_short_domain_of_any_environment_is_valid_and_keeps_the_name() {
    for text in ["ab", "a23456789012345678901234z"] {
        let name = EnvironmentName::parse(text).expect("valid name");
        let id = EnvironmentId::from_uuid(Uuid::from_u128(0x0193_5f2a));
        let domain = ShortDomain::for_environment(&name, id);
        assert!(ShortDomain::parse(domain.as_str()).is_ok(), "{domain}");
        assert!(domain.as_str().starts_with(&format!("{text}-")));
    }
}

#[test]
fn display_names_refuse_control_characters_and_blanks() {
    assert!(DisplayName::parse("Shop — Paris").is_ok());
    for bad in ["", "   ", "a\nb", "a\u{7}"] {
        assert!(DisplayName::parse(bad).is_err(), "{bad:?}");
    }
    assert!(DisplayName::parse(&"é".repeat(80)).is_ok());
    assert!(DisplayName::parse(&"é".repeat(81)).is_err());
}

#[test]
fn keys_and_logins_are_bounded_and_printable() {
    assert!(IdempotencyKey::parse(&"k".repeat(255)).is_ok());
    assert!(IdempotencyKey::parse(&"k".repeat(256)).is_err());
    assert!(IdempotencyKey::parse("a b").is_err());
    assert!(PlatformLogin::parse("owner@example.com").is_ok());
    assert!(PlatformLogin::parse("owner @example.com").is_err());
}
