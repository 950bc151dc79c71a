//! createenvironment and what it leaves behind.

use std::time::Duration;

use serde_json::json;
use virtuozzo_simulator::Effect;

use crate::client::{NODES, start_frozen, start_instant, until, until_executing};

const CREATE_TAGGED: &[(&str, &str)] = &[
    (
        "env",
        r#"{"shortdomain":"shop-fr","displayName":"wdl:attempt-1","region":"example_south_group"}"#,
    ),
    ("nodes", NODES),
    ("envGroups", r#"["clients/acme"]"#),
    ("ruk", "attempt-1"),
    ("actionkey", "key-1"),
];

#[tokio::test]
async fn the_answer_is_nested_and_alone_tells_passwords() {
    let (simulator, platform) = start_instant().await;
    let answer = platform
        .call("environment/control", "createenvironment", CREATE_TAGGED)
        .await;
    let response = &answer["response"];
    assert_eq!(
        (&answer["result"], &response["result"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(response["name"], "shop-fr");
    assert_eq!(response["env"]["domain"], "shop-fr.south.example-paas.test");
    assert_eq!(response["env"]["displayName"], "wdl:attempt-1");
    assert_eq!(response["env"]["status"], 1);
    assert_eq!(response["envGroups"], json!(["clients/acme"]));
    assert_eq!(response["nodes"][0]["nodeGroup"], "cp");
    assert_eq!(response["nodes"][1]["nodeGroup"], "sqldb");
    assert_eq!(response["nodes"][0]["diskLimit"], 50_000);
    assert!(response["nodes"][0]["password"].is_string());

    let info = platform.info("shop-fr").await;
    assert_eq!(
        (&info["result"], &info["right"]),
        (&json!(0), &json!("OWNER"))
    );
    assert!(info["nodes"][0].get("password").is_none(), "told only once");
    assert!(
        info["nodes"][0].get("extIPs").is_none(),
        "absent when empty"
    );

    let ledger = simulator.ledger();
    let created = ledger
        .iter()
        .find(|entry| entry.effect == Effect::EnvironmentCreated)
        .unwrap();
    assert_eq!(created.environment.as_deref(), Some("shop-fr"));
    assert_eq!(created.ruk.as_deref(), Some("attempt-1"));
    assert_eq!(created.uid, 4127);
}

#[tokio::test]
async fn the_environment_is_visible_with_its_display_name_while_it_is_being_created() {
    let (simulator, platform) = start_frozen().await;
    let creating =
        platform.in_background("environment/control", "createenvironment", CREATE_TAGGED);
    until_executing(&simulator, "createenvironment").await;

    let listed = platform.call("environment/control", "getenvs", &[]).await;
    let info = &listed["infos"][0];
    assert_eq!(info["result"], 0);
    assert_eq!(
        (&info["env"]["status"], &info["env"]["displayName"]),
        (&json!(6), &json!("wdl:attempt-1"))
    );

    let again = platform.create("shop-fr").await;
    assert_eq!(
        again["response"]["result"], 2314,
        "the name is taken from the first moment"
    );
    let busy = platform
        .call("environment/control", "stopenv", &[("envName", "shop-fr")])
        .await;
    assert_eq!(busy["result"], 2212);
    let text = busy["error"].as_str().unwrap();
    assert!(
        text.contains("[ENV_STATUS_TYPE_CREATING]") && text.contains("[ENV_STATUS_TYPE_RUNNING]"),
        "{text}"
    );
    let actions = platform
        .call("environment/tracking", "getcurrentactions", &[])
        .await;
    assert_eq!(actions["array"][0]["env"], "shop-fr");
    assert_eq!(actions["array"][0]["requestUniqueKey"], "attempt-1");

    simulator.clock().advance(Duration::from_millis(2_500));
    assert_eq!(creating.json().await["response"]["env"]["status"], 1);
    let actions = platform
        .call("environment/tracking", "getcurrentactions", &[])
        .await;
    assert_eq!(actions["array"], json!([]));
}

#[tokio::test]
async fn closing_the_connection_does_not_stop_the_work() {
    let (simulator, platform) = start_frozen().await;
    let creating =
        platform.in_background("environment/control", "createenvironment", CREATE_TAGGED);
    until_executing(&simulator, "createenvironment").await;
    drop(creating);
    // A second connection is served after the first one was closed.
    assert_eq!(platform.info("shop-fr").await["env"]["status"], 6);

    simulator.clock().advance(Duration::from_millis(2_500));
    until(|| {
        simulator
            .ledger()
            .iter()
            .any(|entry| entry.effect == Effect::EnvironmentCreated)
    })
    .await;
    assert_eq!(platform.info("shop-fr").await["env"]["status"], 1);
}

#[tokio::test]
async fn what_cannot_be_built_is_refused_where_the_reference_says() {
    let (simulator, platform) = start_instant().await;
    let control = "environment/control";
    let missing = platform
        .call(control, "createenvironment", &[("nodes", NODES)])
        .await;
    assert_eq!(
        (&missing["result"], &missing["error"]),
        (&json!(3), &json!("invalid parameter [env]"))
    );
    let python = [
        ("env", "{'shortdomain': 'shop-fr', 'x': None}"),
        ("nodes", NODES),
    ];
    assert_eq!(
        platform.call(control, "createenvironment", &python).await["result"],
        3
    );
    let region = [
        ("env", r#"{"shortdomain":"shop-fr","region":"nowhere"}"#),
        ("nodes", NODES),
    ];
    let answer = platform.call(control, "createenvironment", &region).await;
    assert_eq!(
        (&answer["result"], &answer["response"]["result"]),
        (&json!(0), &json!(2314))
    );
    assert_eq!(platform.create("a.b.c").await["response"]["result"], 2314);
    assert!(
        simulator
            .ledger()
            .iter()
            .all(|entry| entry.effect == Effect::SignedIn)
    );

    let single_quotes = [
        ("env", "{'shortdomain': 'shop-fr'}"),
        ("nodes", "[{'nodeType': 'mysql8'}]"),
    ];
    let answer = platform
        .call(control, "createenvironment", &single_quotes)
        .await;
    assert_eq!(answer["response"]["name"], "shop-fr");
    let unnamed = platform
        .call(
            control,
            "createenvironment",
            &[("env", "{}"), ("nodes", "[]")],
        )
        .await;
    assert!(
        unnamed["response"]["name"]
            .as_str()
            .unwrap()
            .starts_with("env-"),
        "{unnamed}"
    );
}
