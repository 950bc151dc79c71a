//! Cloning, restarting, redeploying.

use std::time::Duration;

use serde_json::json;
use virtuozzo_simulator::Effect;

use crate::client::{Platform, shop, start_with, until_executing, world_with};

const CLONE: &[(&str, &str)] = &[
    ("srcEnvName", "shop-fr"),
    ("dstEnvName", "shop-de"),
    ("ruk", "attempt-1"),
    ("actionkey", "key-1"),
];

#[tokio::test]
async fn a_clone_is_answered_at_the_top_level_with_identifiers_of_its_own() {
    let (simulator, platform) = start_with(world_with(&shop(1)), 0.0).await;
    platform
        .control(
            "setenvgroup",
            &[("envName", "shop-fr"), ("envGroup", "a/b")],
        )
        .await;
    let source = platform.info("shop-fr").await;
    let clone = platform.control("cloneenv", CLONE).await;
    assert_eq!(clone["result"], 0);
    assert!(clone.get("response").is_none(), "{clone}");
    assert_eq!(clone["env"]["envName"], "shop-de");
    assert_eq!(clone["env"]["domain"], "shop-de.north.example-paas.test");
    assert_eq!(clone["env"]["status"], 1);
    assert_eq!(clone["envGroups"], json!(["a/b"]));
    assert_ne!(clone["env"]["appid"], source["env"]["appid"]);
    for position in 0..2 {
        let (old, new) = (&source["nodes"][position], &clone["nodes"][position]);
        assert_eq!(old["nodeType"], new["nodeType"]);
        assert_ne!(old["id"], new["id"]);
        assert_ne!(old["ctid"], new["ctid"]);
        assert!(new["password"].is_string(), "{new}");
    }
    assert_eq!(platform.info("shop-fr").await["env"]["status"], 1);
    let entry = simulator.ledger().pop().unwrap();
    assert_eq!(entry.effect, Effect::EnvironmentCloned);
    assert_eq!(entry.environment.as_deref(), Some("shop-de"));
    assert_eq!(entry.ruk.as_deref(), Some("attempt-1"));
}

#[tokio::test]
async fn both_environments_are_taken_while_a_clone_is_made() {
    let (simulator, platform) = start_with(world_with(&shop(1)), 1.0).await;
    simulator.clock().freeze();
    let cloning = platform.in_background("environment/control", "cloneenv", CLONE);
    until_executing(&simulator, "cloneenv").await;
    assert_eq!(platform.info("shop-fr").await["env"]["status"], 7);
    assert_eq!(platform.info("shop-de").await["env"]["status"], 6);
    for name in ["shop-fr", "shop-de"] {
        let stopped = platform.control("stopenv", &[("envName", name)]).await;
        assert_eq!(stopped["result"], 2212, "{name}");
    }
    let taken = platform.create("shop-de").await;
    assert_eq!(taken["response"]["result"], 2314);
    let actions = platform
        .call("environment/tracking", "getcurrentactions", &[])
        .await;
    let action = &actions["array"][0];
    assert_eq!(
        (
            &action["action"]["id"],
            &action["env"],
            &action["requestUniqueKey"],
            &action["actionkey"]
        ),
        (
            &json!(20),
            &json!("shop-fr"),
            &json!("attempt-1"),
            &json!("key-1")
        )
    );
    simulator.clock().advance(Duration::from_secs(3));
    assert_eq!(cloning.json().await["result"], 0);
}

#[tokio::test]
async fn what_cannot_be_cloned_is_refused_at_the_top_level() {
    let (simulator, platform) = start_with(world_with(&shop(2)), 0.0).await;
    let refused = |source: &'static str, name: &'static str| {
        let platform = platform.clone();
        async move {
            let form = [("srcEnvName", source), ("dstEnvName", name)];
            platform.control("cloneenv", &form).await["result"].clone()
        }
    };
    assert_eq!(refused("absent", "shop-de").await, 11);
    assert_eq!(refused("shop-fr", "shop-fr").await, 2314);
    assert_eq!(refused("shop-fr", "a.b.c").await, 2314);
    assert_eq!(refused("shop-fr", "shop-de").await, 2212, "it is stopped");
    assert_eq!(platform.info("shop-de").await["result"], 11);
    assert_eq!(simulator.ledger().len(), 1, "only the sign-in");
}

async fn restart(platform: &Platform, method: &str, more: &[(&str, &str)]) -> serde_json::Value {
    let form = [&[("envName", "shop-fr")], more].concat();
    platform.control(method, &form).await
}

#[tokio::test]
async fn restarts_answer_for_every_node_they_reach() {
    let (simulator, platform) = start_with(world_with(&shop(1)), 0.0).await;
    let ids = platform.node_ids("shop-fr").await;
    let all = restart(&platform, "restartservices", &[]).await;
    assert_eq!(all["responses"].as_array().unwrap().len(), 2);
    let layer = restart(&platform, "restartservices", &[("nodeGroup", "sqldb")]).await;
    assert_eq!(layer["responses"][0]["nodeid"].to_string(), ids[1]);
    assert_eq!(layer["responses"].as_array().unwrap().len(), 1);
    assert_eq!(
        restart(&platform, "restartnodes", &[("nodeGroup", "cp")]).await["result"],
        0
    );
    let one = restart(&platform, "restartnodebyid", &[("nodeId", &ids[0])]).await;
    assert_eq!(one["nodeid"].to_string(), ids[0]);
    let details: Vec<_> = simulator
        .ledger()
        .into_iter()
        .skip(1)
        .map(|entry| (entry.effect, entry.detail.unwrap()))
        .collect();
    let expected = [
        (Effect::ServicesRestarted, "*".to_owned()),
        (Effect::ServicesRestarted, "sqldb".to_owned()),
        (Effect::NodesRestarted, "cp".to_owned()),
        (Effect::NodesRestarted, ids[0].clone()),
    ];
    assert_eq!(details, expected);
    for (method, selection) in [
        ("restartservices", ("nodeGroup", "cache")),
        ("restartnodes", ("nodeId", "1")),
        ("restartnodebyid", ("nodeId", "1")),
    ] {
        assert_eq!(
            restart(&platform, method, &[selection]).await["result"],
            5,
            "{method}"
        );
    }
    let word = restart(&platform, "restartnodebyid", &[("nodeId", "first")]).await;
    assert_eq!(word["error"], "invalid parameter [nodeId]");
}

#[tokio::test]
async fn a_stopped_node_is_down_until_it_is_restarted() {
    let world = world_with(&format!("{}stopped_node_groups = [\"cp\"]\n", shop(1)));
    let (_simulator, platform) = start_with(world, 0.0).await;
    let info = platform.info("shop-fr").await;
    assert_eq!(
        (&info["nodes"][0]["status"], &info["nodes"][1]["status"]),
        (&json!(2), &json!(1))
    );
    restart(&platform, "restartnodes", &[("nodeGroup", "cp")]).await;
    assert_eq!(platform.info("shop-fr").await["nodes"][0]["status"], 1);
}

#[tokio::test]
async fn redeploying_changes_the_tag_and_shows_status_12() {
    let (simulator, platform) = start_with(world_with(&shop(1)), 1.0).await;
    simulator.clock().freeze();
    let form: &[(&str, &str)] = &[
        ("envName", "shop-fr"),
        ("nodeGroup", "cp"),
        ("tag", "1.27.0-php-8.4"),
    ];
    let redeploying = platform.in_background("environment/control", "redeploycontainers", form);
    until_executing(&simulator, "redeploycontainers").await;
    assert_eq!(platform.info("shop-fr").await["env"]["status"], 12);
    simulator.clock().advance(Duration::from_secs(2));
    assert_eq!(redeploying.json().await["result"], 0);
    let info = platform.info("shop-fr").await;
    assert_eq!(info["env"]["status"], 1);
    assert_eq!(info["nodes"][0]["version"], "1.27.0-php-8.4");
    assert!(
        info["nodes"][1].get("version").is_none(),
        "the other layer stays"
    );
    let entry = simulator.ledger().pop().unwrap();
    assert_eq!(
        (entry.effect, entry.detail.as_deref()),
        (Effect::ContainersRedeployed, Some("cp 1.27.0-php-8.4"))
    );
    let missing = restart(&platform, "redeploycontainers", &[("nodeGroup", "cp")]).await;
    assert_eq!(missing["error"], "invalid parameter [tag]");
    let nowhere = restart(&platform, "redeploycontainers", &[("tag", "1")]).await;
    assert_eq!(nowhere["error"], "invalid parameter [nodeGroup]");
}

type Form = &'static [(&'static str, &'static str)];

#[tokio::test]
async fn every_mutation_is_refused_in_the_wrong_status_and_for_an_unknown_environment() {
    let (simulator, platform) = start_with(world_with(&shop(2)), 0.0).await;
    let id = platform.node_ids("shop-fr").await[0].clone();
    let cases: [(&str, &str, Form); 14] = [
        ("environment/control", "sleepenv", &[]),
        (
            "environment/control",
            "restartservices",
            &[("nodeGroup", "cp")],
        ),
        (
            "environment/control",
            "restartnodes",
            &[("nodeGroup", "cp")],
        ),
        ("environment/control", "restartnodebyid", &[]),
        ("environment/control", "redeploycontainers", &[("tag", "1")]),
        (
            "environment/control",
            "setcloudletscountbyid",
            &[
                ("count", "1"),
                ("fixedCloudlets", "1"),
                ("flexibleCloudlets", "2"),
            ],
        ),
        (
            "environment/control",
            "addcontainerenvvars",
            &[("vars", "{}")],
        ),
        (
            "environment/control",
            "setcontainerenvvars",
            &[("vars", "{}")],
        ),
        (
            "environment/control",
            "setcontainerenvvarsbygroup",
            &[("nodeGroup", "cp"), ("data", "{}")],
        ),
        (
            "environment/control",
            "removecontainerenvvars",
            &[("vars", "[]")],
        ),
        ("environment/control", "resetnodepassword", &[]),
        ("environment/control", "resetnodepasswordbyid", &[]),
        ("environment/control", "resetcontainerpasswordbyid", &[]),
        (
            "environment/file",
            "addmountpointbyid",
            &[
                ("path", "/a"),
                ("sourcePath", "/b"),
                ("sourceHost", "192.0.2.1"),
            ],
        ),
    ];
    for (service, method, more) in cases {
        for (name, code) in [("shop-fr", 2212), ("absent", 11)] {
            let form = [&[("envName", name), ("nodeId", id.as_str())], more].concat();
            let answer = platform.call(service, method, &form).await;
            assert_eq!(answer["result"], code, "{method} {name}: {answer}");
        }
    }
    assert_eq!(simulator.ledger().len(), 1, "only the sign-in");
}
