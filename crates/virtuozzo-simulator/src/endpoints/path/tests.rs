use super::{Named, read};
use crate::platform::Profile;

fn named(path: &str, profile: Profile) -> Option<String> {
    read(path, profile).map(|Named { service, method }| format!("{service} {method}"))
}

#[test]
fn every_spelling_of_one_method_is_the_same() {
    for path in [
        "/1.0/environment/control/rest/getenvs",
        "/1.0/environment/control/REST/getEnvs",
        "/1.0/Environment/Control/rest/GetEnvs",
        "/JElastic/env/control/rest/getenvs",
    ] {
        for profile in [Profile::Faithful, Profile::Convenient] {
            assert_eq!(
                named(path, profile).as_deref(),
                Some("environment/control getenvs"),
                "{path}"
            );
        }
    }
    assert_eq!(
        named(
            "/JBilling/billing/account/rest/getquotas",
            Profile::Faithful
        )
        .as_deref(),
        Some("billing/account getquotas")
    );
}

#[test]
fn doubled_and_trailing_slashes_are_forgiven_for_convenience_only() {
    for path in [
        "//1.0/environment/control/rest/getenvs",
        "/1.0//environment/control/rest/getenvs",
        "/1.0/environment/control/rest/getenvs/",
    ] {
        assert_eq!(
            named(path, Profile::Convenient).as_deref(),
            Some("environment/control getenvs"),
            "{path}"
        );
        assert_ne!(
            named(path, Profile::Faithful).as_deref(),
            Some("environment/control getenvs"),
            "{path}"
        );
    }
}

#[test]
fn other_paths_name_nothing() {
    for path in [
        "/",
        "/1.0",
        "/2.0/environment/control/rest/getenvs",
        "/environment/control/rest/getenvs",
        "/1.0/environment/control/getenvs",
        "/jbilling/environment/control/rest/getenvs",
    ] {
        assert_eq!(read(path, Profile::Convenient), None, "{path}");
    }
}
