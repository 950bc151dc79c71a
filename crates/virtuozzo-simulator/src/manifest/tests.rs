use serde_json::json;

use super::{Ending, Manifest, ManifestError, ManifestType, Placeholders, ScriptError};

fn parse(text: &str) -> Result<Manifest, ManifestError> {
    Manifest::parse(text, |_| None)
}

/// The manifest's last word, with what became of `${globals.x}`.
fn ending(text: &str) -> (Option<Ending>, String) {
    let manifest = parse(text).unwrap();
    let mut placeholders = manifest.placeholders(Placeholders::default(), None);
    let run = manifest.on_install.run(&mut placeholders, None).unwrap();
    (run.ending, placeholders.fill("${globals.x}"))
}

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
    let manifest = parse(MANIFEST).unwrap();
    assert_eq!(manifest.manifest_type, ManifestType::Update);
    let settings = json!({"title": "Shop"});
    let placeholders = manifest.placeholders(Placeholders::default(), Some(&settings));
    assert_eq!(
        manifest.success_html(&placeholders),
        "<strong>Version</strong>: 3<br />\nTitle: Shop, unknown: ${globals.x}"
    );
}

#[test]
fn settings_default_to_what_the_manifest_says() {
    let settings = parse(MANIFEST).unwrap().settings(None);
    assert_eq!(settings.get("title"), Some(&json!("A new site")));
    assert_eq!(settings.get("locale"), None);
}

#[test]
fn json_is_a_manifest_too() {
    let text = r#"{"jpsType": "install", "name": "J", "nodes": [{"nodeType": "nginxphp"}]}"#;
    let manifest = parse(text).unwrap();
    assert_eq!(manifest.manifest_type, ManifestType::Install);
    assert!(manifest.nodes.is_some());
}

#[test]
fn what_is_no_manifest_is_refused_with_its_reason() {
    assert_eq!(parse("just words").unwrap_err(), ManifestError::Unreadable);
    assert_eq!(
        parse("{type: install, nodes: []}").unwrap_err(),
        ManifestError::NameMissing
    );
    let unknown = parse("{type: replace, name: x}").unwrap_err();
    assert_eq!(unknown, ManifestError::TypeUnknown("replace".to_owned()));
}

#[test]
fn an_install_manifest_without_a_purpose_is_refused() {
    let nothing = parse("{type: install, name: x}").unwrap_err();
    assert_eq!(nothing, ManifestError::Empty("x".to_owned()));
    assert!(parse("{type: install, name: x, success: done}").is_ok());
    assert!(parse("{type: update, name: x}").is_ok());
}

#[test]
fn one_node_is_a_list_of_nodes_and_cloudlets_have_aliases() {
    let manifest = parse("{name: x, nodes: {nodeType: apache, cloudlets: 6, fixed: 2}}").unwrap();
    let expected = json!([{"nodeType": "apache", "flexibleCloudlets": 6, "fixedCloudlets": 2}]);
    assert_eq!(manifest.nodes, Some(expected));
}

#[test]
fn globals_are_replaced_set_and_used_in_order() {
    let text = "
type: update
name: x
globals: {x: 1, y: 'y${globals.x}'}
onInstall:
  - setGlobals: {x: 2}
  - setGlobals: {x: 'now ${globals.x}'}
";
    assert_eq!(ending(text), (None, "now 2".to_owned()));
}

#[test]
fn actions_of_the_manifest_run_with_their_parameters() {
    let text = "
type: update
name: x
onInstall:
  remember: {value: 7}
actions:
  remember:
    setGlobals: {x: '${this.value}'}
";
    assert_eq!(ending(text).1, "7");
}

#[test]
fn actions_that_call_themselves_are_stopped() {
    let manifest = parse("{type: update, name: x, onInstall: a, actions: {a: b, b: a}}").unwrap();
    let run = manifest.on_install.run(&mut Placeholders::default(), None);
    assert_eq!(run.unwrap_err(), ScriptError::TooDeep);
}

#[test]
fn a_return_that_is_no_success_ends_the_run() {
    let text = "
type: update
name: x
globals: {x: before}
onInstall:
  - return: {result: 0, site: 'a ${globals.x}'}
  - return: {result: 1000}
  - setGlobals: {x: after}
responses:
  1000: {type: warning, message: {es: Texto, en: Text}}
";
    let (ending, x) = ending(text);
    let ending = ending.unwrap();
    assert_eq!((ending.result, x.as_str()), (1_000, "before"));
    assert_eq!(ending.message_type.as_deref(), Some("warning"));
    assert_eq!(ending.message.as_deref(), Some("Text"));
    assert!(!ending.is_installed());
}

#[test]
fn what_a_return_says_has_a_code_and_a_type() {
    let cases = [
        ("return: Careful", 11_039, Some("error"), Some("Careful")),
        (
            "return: {result: warning, message: m}",
            11_039,
            Some("warning"),
            Some("m"),
        ),
        (
            "return: {result: success, message: m}",
            0,
            Some("success"),
            Some("m"),
        ),
        (
            "return: {result: '2308', type: info}",
            2_308,
            Some("info"),
            None,
        ),
        ("return: 7", 7, Some("error"), None),
        ("return: {result: 0}", 0, None, None),
        ("return: {site: a}", 0, None, None),
    ];
    for (on_install, result, message_type, message) in cases {
        let text = format!("type: update\nname: x\nonInstall:\n  {on_install}\n");
        let ending = ending(&text).0.unwrap();
        assert_eq!(ending.result, result, "{on_install}");
        assert_eq!(ending.message_type.as_deref(), message_type, "{on_install}");
        assert_eq!(ending.message.as_deref(), message, "{on_install}");
        assert_eq!(ending.is_installed(), result == 0, "{on_install}");
    }
}

#[test]
fn mixins_bring_what_the_manifest_lacks() {
    let find = |url: &str| match url {
        "https://example.com/mixins/one.jps" => {
            Some("{globals: {x: theirs, y: 1}, mixins: [two.jps, one.jps]}")
        }
        "https://example.com/mixins/two.jps" => Some("actions: {say: {setGlobals: {z: 3}}}"),
        _ => None,
    };
    let text = "{type: update, name: x, baseUrl: 'https://example.com/mixins', \
                mixins: one.jps, globals: {x: mine}, onInstall: say}";
    let manifest = Manifest::parse(text, find).unwrap();
    let mut placeholders = manifest.placeholders(Placeholders::default(), None);
    manifest.on_install.run(&mut placeholders, None).unwrap();
    assert_eq!(
        placeholders.fill("${globals.x} ${globals.y} ${globals.z} ${baseUrl}"),
        "mine 1 3 https://example.com/mixins/"
    );
    let missing = Manifest::parse("{name: x, mixins: [absent.jps]}", find).unwrap_err();
    assert_eq!(
        missing,
        ManifestError::MixinMissing("absent.jps".to_owned())
    );
}

#[test]
fn unknown_placeholders_stay_or_become_their_default() {
    let placeholders = Placeholders::default();
    assert_eq!(
        placeholders.fill("${a} ${b:words} ${c:} ${d:[fn.password]} ${e"),
        "${a} words  ${d:[fn.password]} ${e"
    );
}
