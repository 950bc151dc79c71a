use super::{SOURCE, UsedPackage, findings, used_packages};
use crate::workspace;

fn package(name: &str, version: &str) -> UsedPackage {
    UsedPackage {
        name: name.to_owned(),
        version: version.to_owned(),
        licence: Some("MIT".to_owned()),
        source: Some(SOURCE.to_owned()),
    }
}

#[test]
fn what_we_use_keeps_all_rules() {
    let packages = used_packages(&workspace::metadata_of_everything().unwrap());
    assert!(packages.iter().any(|package| package.name == "hyper"));
    assert_eq!(findings(&packages), Vec::<String>::new());
}

#[test]
fn each_rule_finds_what_breaks_it() {
    let unlicensed = UsedPackage {
        licence: None,
        ..package("free", "1.0.0")
    };
    let copyleft = UsedPackage {
        licence: Some("AGPL-3.0-only".to_owned()),
        ..package("viral", "1.0.0")
    };
    let foreign = UsedPackage {
        source: Some("git+https://example.com/fork".to_owned()),
        ..package("forked", "1.0.0")
    };
    let banned = package("openssl", "0.10.0");
    let doubled = [
        package("http", "0.2.0"),
        package("http", "1.0.0"),
        package("syn", "1.0.0"),
        package("syn", "2.0.0"),
    ];
    let mut packages = vec![unlicensed, copyleft, foreign, banned];
    packages.extend(doubled);
    assert_eq!(
        findings(&packages),
        [
            "free 1.0.0: states no licence",
            "viral 1.0.0: the licence `AGPL-3.0-only` is not allowed",
            "forked 1.0.0: comes from git+https://example.com/fork, not from crates.io",
            "openssl 0.10.0: the package is banned",
            "http: must be there once, is there as 0.2.0 and 1.0.0",
        ]
    );
}
