//! Packages and add-ons.

use std::time::Duration;

use serde_json::json;
use virtuozzo_simulator::Effect;

use crate::client::{start_frozen, start_instant, until_executing};

const WORDPRESS: &str = "https://packages.example.com/wordpress/manifest.yaml?_r=17";
const ADDON: &[(&str, &str)] = &[
    ("id", "example-sftp-addon"),
    ("envName", "shop-fr"),
    ("nodeGroup", "cp"),
    ("settings", "{}"),
];

#[tokio::test]
async fn the_engine_tells_its_version() {
    let (_simulator, platform) = start_instant().await;
    let version = platform
        .call("marketplace/jps", "getengineversion", &[])
        .await;
    assert_eq!(version["version"], "8.10.1");
}

#[tokio::test]
async fn a_package_is_installed_from_a_url_of_the_world() {
    let (simulator, platform) = start_instant().await;
    platform.create("shop-fr").await;
    let settings = r#"{"title": "Shop"}"#;
    for jps in [WORDPRESS, "example-wordpress"] {
        let form = [("jps", jps), ("envName", "shop-fr"), ("settings", settings)];
        let answer = platform.call("marketplace/jps", "install", &form).await;
        assert_eq!(
            (&answer["result"], &answer["response"]["result"]),
            (&json!(0), &json!(0))
        );
        let text = answer["successText"].as_str().unwrap();
        assert!(
            text.contains("<strong>WordPress is ready</strong>"),
            "{text}"
        );
        assert!(
            text.contains("shop-fr.north.example-paas.test") && text.ends_with(": Shop"),
            "{text}"
        );
        assert_eq!(
            answer["startPage"],
            "https://shop-fr.north.example-paas.test/"
        );
    }
    let installed = simulator.ledger().into_iter();
    let details: Vec<_> = installed
        .filter(|entry| entry.effect == Effect::PackageInstalled)
        .map(|entry| entry.detail.unwrap())
        .collect();
    assert_eq!(details, ["example-wordpress", "example-wordpress"]);
}

#[tokio::test]
async fn an_install_manifest_brings_its_environment() {
    let (simulator, platform) = start_instant().await;
    let manifest = "{type: install, name: Site, nodes: [{nodeType: nginxphp, nodeGroup: cp}], \
                    success: 'On ${env.domain}, node ${nodes.cp.id}'}";
    let form = [
        ("jps", manifest),
        ("envName", "site-one"),
        ("region", "example_south_group"),
    ];
    let answer = platform.call("marketplace/jps", "install", &form).await;
    let id = platform.info("site-one").await["nodes"][0]["id"].clone();
    let expected = format!("On site-one.south.example-paas.test, node {id}");
    assert_eq!(answer["successText"], expected);
    let effects: Vec<_> = simulator
        .ledger()
        .into_iter()
        .map(|entry| entry.effect)
        .collect();
    let expected = [
        Effect::SignedIn,
        Effect::EnvironmentCreated,
        Effect::PackageInstalled,
    ];
    assert_eq!(effects, expected);
}

#[tokio::test]
async fn manifests_that_make_no_sense_fail_at_the_top_level() {
    let (simulator, platform) = start_instant().await;
    for jps in [
        "only words",
        "a: [",
        "type: install",
        "{type: install, name: Nothing}",
        "{type: replace, name: Unknown}",
        "https://packages.example.com/absent.yaml",
    ] {
        let answer = platform
            .call("marketplace/jps", "install", &[("jps", jps)])
            .await;
        assert_eq!(answer["result"], 11_041, "{jps}");
        assert!(answer.get("response").is_none(), "{jps}");
    }
    let without = platform
        .call("marketplace/jps", "install", &[("jps", WORDPRESS)])
        .await;
    assert_eq!(
        without["error"], "invalid parameter [envName]",
        "an update needs an environment"
    );
    let nodes = "{type: install, name: Site, nodes: {nodeType: nginxphp}}";
    let without = platform
        .call("marketplace/jps", "install", &[("jps", nodes)])
        .await;
    assert_eq!(without["error"], "invalid parameter [envName]");
    let unknown = [("jps", WORDPRESS), ("envName", "absent")];
    assert_eq!(
        platform.call("marketplace/jps", "install", &unknown).await["result"],
        11
    );
    assert_eq!(simulator.ledger().len(), 1, "only the sign-in");
}

#[tokio::test]
async fn an_addon_is_listed_installed_and_removed() {
    let (simulator, platform) = start_instant().await;
    platform.create("shop-fr").await;
    let layer = [("envName", "shop-fr"), ("nodeGroup", "cp")];
    let before = platform
        .call("marketplace/app", "getaddonlist", &layer)
        .await;
    assert_eq!(before["total"], 4);
    assert!(
        before["apps"]
            .as_array()
            .unwrap()
            .iter()
            .all(|app| app["isInstalled"] == false)
    );
    let database = [("envName", "shop-fr"), ("nodeGroup", "sqldb")];
    let fitting = platform
        .call("marketplace/app", "getaddonlist", &database)
        .await;
    assert_eq!(fitting["total"], 1, "only root access goes on every layer");

    let installed = platform
        .call("marketplace/app", "installaddon", ADDON)
        .await;
    assert_eq!(
        (&installed["result"], &installed["response"]["result"]),
        (&json!(0), &json!(0))
    );
    let unique_name = installed["uniqueName"].as_str().unwrap();
    let after = platform
        .call("marketplace/app", "getaddonlist", &layer)
        .await;
    let sftp = &after["apps"][0];
    assert_eq!(
        (&sftp["isInstalled"], &sftp["uniqueName"]),
        (&json!(true), &json!(unique_name))
    );

    let search = [("search", r#"{"envName":"shop-fr"}"#)];
    let list = platform
        .call("marketplace/installation", "getlist", &search)
        .await;
    let element = json!({"uniqueName": unique_name, "app_id": "example-sftp-addon",
        "envName": "shop-fr", "nodeGroup": "cp", "isInstalled": true, "name": "Example SFTP access"});
    assert_eq!(list["response"]["apps"], json!([element]));
    let elsewhere = [("search", r#"{"envName":"shop-de"}"#)];
    let none = platform
        .call("marketplace/installation", "getlist", &elsewhere)
        .await;
    assert_eq!(none["response"]["apps"], json!([]));

    let remove = [("appUniqueName", unique_name)];
    let removed = platform
        .call("marketplace/installation", "uninstall", &remove)
        .await;
    assert_eq!(removed["response"]["result"], 0);
    let again = platform
        .call("marketplace/installation", "uninstall", &remove)
        .await;
    assert_eq!(
        (&again["result"], &again["response"]["result"]),
        (&json!(0), &json!(5))
    );
    let last = simulator.ledger().pop().unwrap();
    assert_eq!(
        (last.effect, last.detail.as_deref()),
        (Effect::AddonUninstalled, Some(unique_name))
    );
}

#[tokio::test]
async fn a_second_installation_doubles() {
    let (simulator, platform) = start_instant().await;
    platform.create("shop-fr").await;
    let first = platform
        .call("marketplace/app", "installaddon", ADDON)
        .await;
    let second = platform
        .call("marketplace/app", "installaddon", ADDON)
        .await;
    assert_ne!(first["uniqueName"], second["uniqueName"]);
    let installed = simulator.ledger().into_iter();
    assert_eq!(
        installed
            .filter(|entry| entry.effect == Effect::AddonInstalled)
            .count(),
        2
    );
    let layer = [("envName", "shop-fr"), ("nodeGroup", "cp")];
    let list = platform
        .call("marketplace/app", "getaddonlist", &layer)
        .await;
    let apps = list["apps"].as_array().unwrap();
    assert_eq!(
        apps.iter().filter(|app| app["isInstalled"] == true).count(),
        2
    );

    platform
        .call(
            "environment/control",
            "deleteenv",
            &[("envName", "shop-fr")],
        )
        .await;
    let list = platform
        .call("marketplace/installation", "getlist", &[])
        .await;
    assert_eq!(
        list["response"]["apps"],
        json!([]),
        "installations go with their environment"
    );
}

#[tokio::test]
async fn addon_refusals_are_nested() {
    let (_simulator, platform) = start_instant().await;
    platform.create("shop-fr").await;
    let unknown = [
        ("id", "no-such-addon"),
        ("envName", "shop-fr"),
        ("nodeGroup", "cp"),
    ];
    let answer = platform
        .call("marketplace/app", "installaddon", &unknown)
        .await;
    assert_eq!(
        (&answer["result"], &answer["response"]["result"]),
        (&json!(0), &json!(5))
    );
    for layer in ["sqldb", "nosuchlayer"] {
        let form = [
            ("id", "example-sftp-addon"),
            ("envName", "shop-fr"),
            ("nodeGroup", layer),
        ];
        let answer = platform
            .call("marketplace/app", "installaddon", &form)
            .await;
        assert_eq!(answer["response"]["result"], 11_022, "{layer}");
    }
}

#[tokio::test]
async fn an_installation_keeps_status_1_but_makes_the_environment_busy() {
    let (simulator, platform) = start_frozen().await;
    let creating = platform.in_background(
        "environment/control",
        "createenvironment",
        &[
            ("env", r#"{"shortdomain":"shop-fr"}"#),
            ("nodes", r#"[{"nodeType":"nginxphp"}]"#),
        ],
    );
    until_executing(&simulator, "createenvironment").await;
    simulator.clock().advance(Duration::from_millis(2_500));
    creating.json().await;

    let installing = platform.in_background("marketplace/app", "installaddon", ADDON);
    until_executing(&simulator, "installaddon").await;
    assert_eq!(platform.info("shop-fr").await["env"]["status"], 1);
    let busy = platform
        .call("environment/control", "stopenv", &[("envName", "shop-fr")])
        .await;
    assert_eq!(busy["result"], 2212);
    let actions = platform
        .call("environment/tracking", "getcurrentactions", &[])
        .await;
    assert_eq!(actions["array"][0]["action"]["id"], 21);
    simulator.clock().advance(Duration::from_millis(1_500));
    assert_eq!(installing.json().await["result"], 0);
}
