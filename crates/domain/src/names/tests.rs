use super::{
    DisplayName, EmailAddress, EnvironmentName, ExternalDomain, FilePath, FolderPath, GroupName,
    IdempotencyKey, PlatformLogin, ShortDomain, SnapshotName, StackName, StackVersion,
    VariableName, WebhookUrl,
};
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
fn addresses_of_webhooks_are_absolute_printable_and_without_secrets_of_their_own() {
    for good in [
        "https://hooks.example.com",
        "https://hooks.example.com:8443/in?team=1",
        "http://192.0.2.1/",
        "https://[2001:db8::1]/in",
    ] {
        assert!(WebhookUrl::parse(good).is_ok(), "{good}");
    }
    for bad in [
        "",
        "hooks.example.com",
        "ftp://hooks.example.com",
        "https://",
        "https:///in",
        "https://user:word@hooks.example.com/",
        "https://hooks.example.com/#top",
        "https://hooks.example.com\\@inside.example.com/",
        "https://hooks.example.com/a b",
        "https://hooks.example.com/\r\nX: y",
        "https://hööks.example.com/",
    ] {
        assert!(WebhookUrl::parse(bad).is_err(), "{bad}");
    }
    let long = format!("https://hooks.example.com/{}", "a".repeat(1_000));
    assert!(WebhookUrl::parse(&long).is_err());
}

#[test]
fn keys_and_logins_are_bounded_and_printable() {
    assert!(IdempotencyKey::parse(&"k".repeat(255)).is_ok());
    assert!(IdempotencyKey::parse(&"k".repeat(256)).is_err());
    assert!(IdempotencyKey::parse("a b").is_err());
    assert!(PlatformLogin::parse("owner@example.com").is_ok());
    assert!(PlatformLogin::parse("owner @example.com").is_err());
}

#[test]
fn external_domains_are_ascii_names_of_at_least_two_labels() {
    for good in [
        "example.com",
        "www.example.com",
        "xn--bcher-kva.example.com",
        "1.example.com",
    ] {
        assert!(ExternalDomain::parse(good).is_ok(), "{good}");
    }
    let long_label = format!("{}.example.com", "a".repeat(64));
    for bad in [
        "",
        "localhost",
        "Example.com",
        ".example.com",
        "example.com.",
        "a..example.com",
        "-a.example.com",
        "a-.example.com",
        "192.0.2.1",
        "ex_ample.com",
        "*.example.com",
        "example.com/path",
        &long_label,
    ] {
        assert!(ExternalDomain::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn paths_are_absolute_and_cannot_climb() {
    for good in ["/", "/var/www/webroot", "/data.d/x"] {
        assert!(FolderPath::parse(good).is_ok(), "{good}");
    }
    for bad in ["", "data", "/a/../b", "/a/./b", "/a//b", "/a\nb", "/.."] {
        assert!(FolderPath::parse(bad).is_err(), "{bad:?}");
        assert!(FilePath::parse(bad).is_err(), "{bad:?}");
    }
    assert!(FilePath::parse("/var/log/error.log").is_ok());
    assert!(FilePath::parse("/var/log/").is_err());
    assert!(FolderPath::parse(&format!("/{}", "a".repeat(512))).is_err());
}

#[test]
fn groups_may_be_nested_but_no_list_can_be_smuggled_in() {
    for good in ["clients", "clients/acme example", "Kunden/ä"] {
        assert!(GroupName::parse(good).is_ok(), "{good}");
    }
    for bad in ["", "/", "a/", "/a", "a//b", "[\"a\"]", "a,b", "a\nb"] {
        assert!(GroupName::parse(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn versions_and_variables_have_the_shape_of_their_tools() {
    assert!(StackName::parse("mariadb-dockerized").is_ok());
    assert!(StackName::parse("nginx php").is_err());
    for good in ["8.3", "1.26.2-php-8.3", "latest", "_x"] {
        assert!(StackVersion::parse(good).is_ok(), "{good}");
    }
    for bad in ["", ".8", "-8", "8.3 ", "a/b", "a:b"] {
        assert!(StackVersion::parse(bad).is_err(), "{bad:?}");
    }
    for good in ["WP_HOME", "_a1"] {
        assert!(VariableName::parse(good).is_ok(), "{good}");
    }
    for bad in ["", "1A", "A-B", "A B", "A=B", "Ä"] {
        assert!(VariableName::parse(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn an_email_address_is_one_that_people_have() {
    let address = EmailAddress::parse("Anna.Example+shop@Example.COM").expect("an address");
    assert_eq!(address.as_str(), "anna.example+shop@example.com");
    let long = format!("{}@example.com", "a".repeat(65));
    for text in [
        "",
        "anna",
        "@example.com",
        "anna@",
        "anna@localhost",
        ".anna@example.com",
        "anna.@example.com",
        "an..na@example.com",
        "an na@example.com",
        "anna@exa mple.com",
        "anna@example.com\r\nBcc: x@example.com",
        "\"a\"@example.com",
        "a@b@example.com",
        "änna@example.com",
        "anna@192.0.2.1",
        long.as_str(),
    ] {
        assert!(EmailAddress::parse(text).is_err(), "{text}");
    }
}

#[test]
fn names_of_backups_are_no_options_and_no_paths() {
    let longest = "s".repeat(128);
    for good in ["2026-01-02_03:04:05", "0", "a.b~c+D", &longest] {
        assert!(SnapshotName::parse(good).is_ok(), "{good}");
    }
    let too_long = "s".repeat(129);
    for bad in [
        "", "-rf", ".", "..", ".hidden", "_a", "../a", "a/b", "a b", "a\nb", "a;b", "a$b", "ä",
        &too_long,
    ] {
        assert!(SnapshotName::parse(bad).is_err(), "{bad:?}");
    }
}
