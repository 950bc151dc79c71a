use serde_json::json;

use super::{Manifest, ManifestError, ManifestType, Placeholders};

const MANIFEST: &str = "
type: update
name: Example
settings:
  fields:
    - {name: title, type: string, default: A new site}
    - {name: locale, type: string}
success: |
  **Version**: 3
  Title: ${settings.title}, unknown: ${globals.x}
";

#[test]
fn success_is_html_with_placeholders_replaced() {
    let manifest = Manifest::parse(MANIFEST).unwrap();
    assert_eq!(manifest.manifest_type, ManifestType::Update);
    let settings = manifest.settings(Some(&json!({"title": "Shop"})));
    let html = manifest
        .success_html(&Placeholders::default().with_settings(&settings))
        .unwrap();
    assert_eq!(
        html,
        "<strong>Version</strong>: 3<br />\nTitle: Shop, unknown: ${globals.x}<br />\n"
    );
}

#[test]
fn settings_default_to_what_the_manifest_says() {
    let settings = Manifest::parse(MANIFEST).unwrap().settings(None);
    assert_eq!(settings.get("title"), Some(&json!("A new site")));
    assert_eq!(settings.get("locale"), None);
}

#[test]
fn json_is_a_manifest_too() {
    let text = r#"{"jpsType": "install", "name": "J", "nodes": [{"nodeType": "nginxphp"}]}"#;
    let manifest = Manifest::parse(text).unwrap();
    assert_eq!(manifest.manifest_type, ManifestType::Install);
    assert!(manifest.nodes.is_some());
}

#[test]
fn what_is_no_manifest_is_refused_with_its_reason() {
    assert_eq!(
        Manifest::parse("just words").unwrap_err(),
        ManifestError::Unreadable
    );
    assert_eq!(
        Manifest::parse("type: install").unwrap_err(),
        ManifestError::NameMissing
    );
    let unknown = Manifest::parse("{type: replace, name: x}").unwrap_err();
    assert_eq!(unknown, ManifestError::TypeUnknown("replace".to_owned()));
}
