use super::{CrateTexts, findings_about};

fn good() -> CrateTexts {
    CrateTexts {
        folder: "crates/example".to_owned(),
        name: "example".to_owned(),
        manifest: "[lints]\nworkspace = true\n".to_owned(),
        readme: Some("# example\n\nAn example of a crate.\n".to_owned()),
        root_module: "#![doc = include_str!(\"../README.md\")]\n".to_owned(),
        sources: "use tokio_util::sync;".to_owned(),
        dependencies: vec!["tokio-util".to_owned(), "libsqlite3-sys".to_owned()],
    }
}

fn rules(texts: &CrateTexts, map: Option<&str>) -> Vec<&'static str> {
    findings_about(texts, map)
        .into_iter()
        .map(|finding| finding.rule)
        .collect()
}

#[test]
fn a_good_crate_breaks_no_rule_with_or_without_a_map() {
    assert!(rules(&good(), None).is_empty());
    assert!(rules(&good(), Some("| `example` | an example |")).is_empty());
}

#[test]
fn each_rule_finds_what_breaks_it() {
    let mut texts = good();
    texts.manifest.clear();
    assert_eq!(rules(&texts, None), ["lints"]);

    for readme in [None, Some("# example.\n".to_owned())] {
        let texts = CrateTexts { readme, ..good() };
        assert_eq!(rules(&texts, None), ["readme"]);
    }

    let mut texts = good();
    texts.root_module = "//! Something else.\n".to_owned();
    assert_eq!(rules(&texts, None), ["crate-doc"]);

    assert_eq!(rules(&good(), Some("| `examples` |")), ["map"]);

    let mut texts = good();
    texts.dependencies.push("serde".to_owned());
    texts.sources += "use serde_json::Value; // a serde, and my_serde::x";
    assert_eq!(rules(&texts, None), ["unused"]);
}
