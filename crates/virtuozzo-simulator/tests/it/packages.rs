//! What a client sees of the package engine.

use serde_json::{Value, json};
use virtuozzo_simulator::{Effect, Simulator, World};

use crate::client::{Platform, start_instant, start_with};

async fn install(platform: &Platform, manifest: &str, name: &str) -> Value {
    let form = [("jps", manifest), ("envName", name)];
    platform.call("marketplace/jps", "install", &form).await
}

fn effects(simulator: &Simulator) -> Vec<Effect> {
    let ledger = simulator.ledger().into_iter();
    ledger.skip(1).map(|entry| entry.effect).collect()
}

const PACKAGE: &str = "
type: install
id: example-package
name: Example package
region: example_south_group
displayName: From the manifest
globals:
  who: ${user.email}
settings:
  fields:
    - {name: title, default: A site}
    - {name: locale, default: en_US}
nodes:
  - {nodeType: nginxphp, nodeGroup: cp, count: 2, cloudlets: 4}
  - {nodeType: mysql8, tag: 8.4.0}
onInstall:
  - cmd [cp]: install --title '${settings.title}'
  - cmd [sqldb]: [create-database, grant-rights]
  - describe: {path: admin}
actions:
  describe:
    - setGlobals: {page: '${env.protocol}://${env.domain}/${this.path}'}
    - return: {result: 0, adminUrl: '${globals.page}', node: '${nodes.cp.first.id}'}
success: |
  **Ready**: ${settings.title} (${settings.locale}) on ${env.domain}
  Made for ${globals.who}, ${nodes.cp.length} nodes, last ${nodes.cp.last.id}

  Password ${nodes.sqldb.password}, never ${globals.unknown}
startPage: ${globals.page}
";

#[tokio::test]
async fn a_package_creates_describes_and_notes() {
    let (simulator, platform) = start_instant().await;
    let form = [
        ("jps", PACKAGE),
        ("envName", "Site-One"),
        ("settings", r#"{"title": "Shop"}"#),
        ("envGroups", r#"["clients/acme"]"#),
        ("skipNodeEmails", "True"),
    ];
    let answer = platform.call("marketplace/jps", "install", &form).await;
    assert_eq!(answer["result"], 0, "{answer}");
    let info = platform.info("site-one").await;
    assert_eq!(info["env"]["displayName"], "From the manifest");
    assert_eq!(info["env"]["hardwareNodeGroup"], "example_south_group");
    assert_eq!(info["envGroups"], json!(["clients/acme"]));
    assert_eq!(info["nodes"][0]["flexibleCloudlets"], 4);
    assert_eq!(answer["appid"], info["env"]["appid"]);

    let page = "http://site-one.south.example-paas.test/admin";
    let first = info["nodes"][0]["id"].to_string();
    assert_eq!(answer["startPage"], page);
    assert_eq!(
        answer["response"],
        json!({"result": 0, "adminUrl": page, "node": first})
    );
    let text = answer["successText"].as_str().unwrap();
    let (known, password) = text.split_once("Password ").unwrap();
    assert_eq!(
        known,
        format!(
            "<strong>Ready</strong>: Shop (en_US) on site-one.south.example-paas.test<br />\n\
             Made for owner@example.com, 2 nodes, last {}<br />\n",
            info["nodes"][1]["id"]
        )
    );
    let (password, rest) = password.split_once(", ").unwrap();
    assert_eq!((password.len(), rest), (14, "never ${globals.unknown}"));

    let noted: Vec<_> = simulator
        .ledger()
        .into_iter()
        .filter(|entry| entry.effect == Effect::CommandNoted)
        .map(|entry| entry.detail.unwrap())
        .collect();
    assert_eq!(
        noted,
        [
            "cp: install --title 'Shop'",
            "sqldb: create-database",
            "sqldb: grant-rights"
        ]
    );
}

#[tokio::test]
async fn json_texts_and_manifests_without_environment_work_too() {
    let (simulator, platform) = start_instant().await;
    let manifest = json!({"type": "install", "name": "Nothing but words",
        "settings": {"fields": [{"name": "a", "default": 1}]},
        "success": {"email": false, "text": "a: ${settings.a}, b: ${settings.b}"}});
    let form = [
        ("jps", manifest.to_string()),
        ("settings", json!({"b": true}).to_string()),
        ("envName", String::new()),
    ];
    let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
    let answer = platform.call("marketplace/jps", "install", &form).await;
    assert_eq!(answer["successText"], "a: 1, b: true");
    assert!(answer.get("appid").is_none() && answer.get("startPage").is_none());
    assert_eq!(effects(&simulator), [Effect::PackageInstalled]);

    let nodes = "{name: No words, nodes: {image: 'alpine:latest', nodeGroup: cp}}";
    let answer = install(&platform, nodes, "site-one").await;
    assert_eq!(answer["successText"], "", "a text is always there");
    assert_eq!(
        answer["startPage"], "http://site-one.north.example-paas.test/",
        "the environment is the start page"
    );
}

#[tokio::test]
async fn a_manifest_may_end_in_its_own_words() {
    let (simulator, platform) = start_instant().await;
    platform.create("shop-fr").await;
    let cases = [
        ("return: Careful", 11_039, "error", "Careful"),
        (
            "return: {result: warning, message: 'on ${env.envName}'}",
            11_039,
            "warning",
            "on shop-fr",
        ),
        (
            "return: {result: 99, type: info, message: m}",
            99,
            "info",
            "m",
        ),
        (
            "return: {result: 4036}",
            4_036,
            "error",
            "file path already exists",
        ),
    ];
    for (on_install, result, message_type, message) in cases {
        let manifest = format!(
            "type: update\nname: x\nonInstall:\n  {on_install}\nresponses:\n  4036: \
             {{type: error, message: file path already exists}}\n"
        );
        let answer = install(&platform, &manifest, "shop-fr").await;
        assert_eq!(answer["result"], result, "{on_install}: {answer}");
        assert_eq!(answer["type"], message_type, "{on_install}");
        assert_eq!(answer["message"], message, "{on_install}");
        assert_eq!(answer["error"], message, "{on_install}");
        assert!(answer.get("uniqueName").is_none(), "{on_install}");
    }
    assert_eq!(effects(&simulator), [Effect::EnvironmentCreated]);
    let actions = platform
        .call(
            "environment/tracking",
            "searchactions",
            &[("search", "{\"onlyErrors\":true}")],
        )
        .await;
    assert_eq!(actions["totalCount"], cases.len());

    let success = "{type: update, name: x, success: theirs, \
                   onInstall: {return: {result: 2308, type: success, message: '**Mine**'}}}";
    let answer = install(&platform, success, "shop-fr").await;
    assert_eq!(
        (&answer["result"], &answer["type"]),
        (&json!(2_308), &json!("success"))
    );
    assert_eq!(answer["successText"], "<strong>Mine</strong>");
    assert!(answer["uniqueName"].is_string());
    assert_eq!(effects(&simulator).pop(), Some(Effect::PackageInstalled));
}

#[tokio::test]
async fn what_the_engine_refuses_has_its_codes() {
    let world = World::EXAMPLE_TOML.replace(
        "[[accounts]]",
        "node_types = [\"nginxphp\", \"mysql8\"]\n\n[[accounts]]",
    );
    let (simulator, platform) = start_with(World::from_toml(&world).unwrap(), 0.0).await;
    let refused = [
        (
            11_042,
            "{type: install, name: x, mixins: 'https://example.com/absent.jps', success: y}",
        ),
        (
            11_041,
            "{type: install, name: x, nodes: {nodeType: mysql8}, onBeforeInstall: {return: Not here}}",
        ),
        (
            11_041,
            "{type: install, name: x, nodes: {nodeType: mysql8}, onBeforeInit: {return: {result: 7}}}",
        ),
        (2_372, "{type: install, name: x, nodes: {nodeType: cobol}}"),
    ];
    for (code, manifest) in refused {
        let answer = install(&platform, manifest, "site-one").await;
        assert_eq!(answer["result"], code, "{manifest}: {answer}");
        assert!(answer["error"].is_string(), "{manifest}");
    }
    assert!(effects(&simulator).is_empty(), "nothing was created");
    let env = json!({"shortdomain": "shop-fr"}).to_string();
    let created = platform
        .call(
            "environment/control",
            "createenvironment",
            &[("env", &env), ("nodes", r#"[{"nodeType":"cobol"}]"#)],
        )
        .await;
    assert_eq!(created["response"]["result"], 2_372);

    let nodes = r#"[{"nodeType":"nginxphp"},{"nodeType":"docker"}]"#;
    let form = [("env", env.as_str()), ("nodes", nodes)];
    let created = platform
        .call("environment/control", "createenvironment", &form)
        .await;
    assert_eq!(created["response"]["result"], 0, "{created}");
    let command = "{type: update, name: x, onInstall: {'cmd [sqldb]': id}}";
    let answer = install(&platform, command, "shop-fr").await;
    assert_eq!(answer["result"], 11_022, "{answer}");
    let layer = [
        ("jps", "{type: update, name: x}"),
        ("envName", "shop-fr"),
        ("nodeGroup", "sqldb"),
    ];
    let answer = platform.call("marketplace/jps", "install", &layer).await;
    assert_eq!(answer["result"], 11_022, "{answer}");
}

#[tokio::test]
async fn a_manifest_can_be_looked_at_and_taken_away() {
    let (simulator, platform) = start_instant().await;
    let about = platform
        .call(
            "marketplace/jps",
            "getappinfo",
            &[("jps", "example-wordpress")],
        )
        .await;
    assert_eq!(
        (&about["app_id"], &about["type"]),
        (&json!("example-wordpress"), &json!("update"))
    );
    assert_eq!(about["settings"]["locale"], "en_US");
    let appid = platform
        .call("marketplace/jps", "getscriptingappid", &[])
        .await["appid"]
        .clone();
    assert_eq!(appid.as_str().unwrap().len(), 32);

    let installed = install(&platform, PACKAGE, "site-one").await;
    let unique_name = installed["uniqueName"].as_str().unwrap();
    let form = [("appUniqueName", unique_name)];
    let removed = platform.call("marketplace/jps", "uninstall", &form).await;
    assert_eq!(removed["response"]["result"], 0);
    assert_eq!(effects(&simulator).pop(), Some(Effect::PackageUninstalled));
}
