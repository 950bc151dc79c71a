//! Topology, cloudlets and the quotas that limit them.

use std::time::Duration;

use serde_json::{Value, json};
use virtuozzo_simulator::{Effect, World};

use crate::client::{Platform, shop, start_with, until_executing, world_with};

fn world_with_quotas(quotas: &str) -> World {
    let text = World::EXAMPLE_TOML.replace("\"environment.maxcount\" = 50", quotas);
    World::from_toml(&format!("{text}\n{}", shop(1))).unwrap()
}

async fn change(platform: &Platform, env: &str, nodes: &str) -> Value {
    let form = [
        ("envName", "shop-fr"),
        ("env", env),
        ("nodes", nodes),
        ("actionkey", "key-1"),
    ];
    platform.control("changetopology", &form).await
}

#[tokio::test]
async fn layers_left_out_go_and_nodes_that_stay_keep_their_ids() {
    let (simulator, platform) = start_with(world_with(&shop(1)), 0.0).await;
    let before = platform.node_ids("shop-fr").await;
    let nodes = r#"[{"nodeType":"nginxphp-dockerized","count":2,"flexibleCloudlets":16,"diskLimit":20},
        {"nodeType":"redis"}]"#;
    let answer = change(&platform, r#"{"displayName":"Bigger"}"#, nodes).await;
    let response = &answer["response"];
    assert_eq!(
        (&answer["result"], &response["result"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(response["name"], "shop-fr");
    let layers: Vec<_> = response["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["nodeGroup"].as_str().unwrap())
        .collect();
    assert_eq!(layers, ["cp", "cp", "cache"]);
    assert_eq!(response["nodes"][0]["id"].to_string(), before[0]);
    assert!(
        response["nodes"][0].get("password").is_none(),
        "it is not new"
    );
    assert!(response["nodes"][1]["password"].is_string());
    assert_eq!(response["nodes"][0]["flexibleCloudlets"], 16);
    assert_eq!(response["nodes"][0]["diskLimit"], 20_000);
    let info = platform.info("shop-fr").await;
    assert_eq!(info["env"]["displayName"], "Bigger");
    assert_eq!(
        info["nodeGroups"].as_array().unwrap().len(),
        2,
        "sqldb is gone"
    );
    assert_eq!(
        simulator.ledger().pop().unwrap().effect,
        Effect::TopologyChanged
    );

    let again = change(&platform, "{}", nodes).await;
    assert_eq!(
        again["response"]["nodes"][2]["id"],
        response["nodes"][2]["id"]
    );
}

#[tokio::test]
async fn a_topology_change_shows_status_12_and_its_refusals_are_nested() {
    let (simulator, platform) = start_with(world_with(&shop(1)), 1.0).await;
    simulator.clock().freeze();
    let form: &[(&str, &str)] = &[
        ("envName", "shop-fr"),
        ("env", "{}"),
        ("nodes", r#"[{"nodeType":"mysql8"}]"#),
    ];
    let changing = platform.in_background("environment/control", "changetopology", form);
    until_executing(&simulator, "changetopology").await;
    let info = platform.info("shop-fr").await;
    assert_eq!(info["env"]["status"], 12);
    assert_eq!(
        info["nodes"].as_array().unwrap().len(),
        2,
        "not before its end"
    );
    let busy = change(&platform, "{}", "[]").await;
    assert_eq!(
        (&busy["result"], &busy["response"]["result"]),
        (&json!(0), &json!(2212))
    );
    simulator.clock().advance(Duration::from_millis(2_500));
    assert_eq!(changing.json().await["response"]["env"]["status"], 1);
    assert_eq!(
        platform.info("shop-fr").await["nodes"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let missing = platform.control("changetopology", &form[..2]).await;
    assert_eq!(missing["error"], "invalid parameter [nodes]");
    let unknown = [("envName", "absent"), form[1], form[2]];
    assert_eq!(
        platform.control("changetopology", &unknown).await["result"],
        11
    );
}

#[tokio::test]
async fn cloudlets_are_set_for_one_node() {
    let (simulator, platform) = start_with(world_with(&shop(1)), 0.0).await;
    let ids = platform.node_ids("shop-fr").await;
    let form = [
        ("envName", "shop-fr"),
        ("nodeid", ids[1].as_str()),
        ("count", "1"),
        ("fixedCloudlets", "2"),
        ("flexibleCloudlets", "12"),
    ];
    assert_eq!(
        platform.control("setcloudletscountbyid", &form).await["result"],
        0
    );
    let nodes = platform.info("shop-fr").await["nodes"].clone();
    assert_eq!(
        (
            &nodes[1]["fixedCloudlets"],
            &nodes[1]["flexibleCloudlets"],
            &nodes[1]["maxchanks"]
        ),
        (&json!(2), &json!(12), &json!(12))
    );
    assert_eq!(nodes[0]["flexibleCloudlets"], 8);
    let entry = simulator.ledger().pop().unwrap();
    assert_eq!(
        (entry.effect, entry.detail),
        (Effect::CloudletsSet, Some(format!("{} 2 12", ids[1])))
    );
    let missing = platform.control("setcloudletscountbyid", &form[..4]).await;
    assert_eq!(missing["error"], "invalid parameter [flexibleCloudlets]");
}

#[tokio::test]
async fn quotas_are_enforced_with_their_codes() {
    let create = |platform: Platform, nodes: &'static str| async move {
        let form = [("env", r#"{"shortdomain":"shop-de"}"#), ("nodes", nodes)];
        let answer = platform.control("createenvironment", &form).await;
        answer["response"]["result"].clone()
    };
    let two_layers = r#"[{"nodeType":"nginxphp"},{"nodeType":"mysql8","count":2}]"#;
    let cases = [
        ("\"environment.maxcount\" = 1", 2360),
        ("\"environment.maxnodescount\" = 2", 2365),
        ("\"environment.maxsamenodescount\" = \"1\"", 2366),
        ("\"environment.maxcloudletsperrec\" = 7", 2361),
    ];
    for (quota, code) in cases {
        let (simulator, platform) = start_with(world_with_quotas(quota), 0.0).await;
        assert_eq!(create(platform.clone(), two_layers).await, code, "{quota}");
        let changed = change(&platform, "{}", two_layers).await["response"]["result"].clone();
        let is_about_count = code == 2360;
        assert_eq!(changed, if is_about_count { 0 } else { code }, "{quota}");
        let form = [("srcEnvName", "shop-fr"), ("dstEnvName", "shop-it")];
        let cloned = platform.control("cloneenv", &form).await["result"].clone();
        assert_eq!(cloned, if is_about_count { code } else { 0 }, "{quota}");
        let created = simulator.ledger().into_iter();
        assert!(
            created
                .map(|entry| entry.effect)
                .all(|effect| effect != Effect::EnvironmentCreated),
            "{quota}"
        );
    }
}

#[tokio::test]
async fn too_many_cloudlets_may_be_answered_with_the_general_code() {
    for (general, code) in [(false, 2361), (true, 2338)] {
        let mut world = world_with_quotas("\"environment.maxcloudletsperrec\" = 10");
        world.is_quota_code_general = general;
        let (_simulator, platform) = start_with(world, 0.0).await;
        let ids = platform.node_ids("shop-fr").await;
        let set = |flexible: &'static str| {
            let (platform, id) = (platform.clone(), ids[0].clone());
            async move {
                let form = [
                    ("envName", "shop-fr"),
                    ("nodeid", id.as_str()),
                    ("count", "1"),
                    ("fixedCloudlets", "1"),
                    ("flexibleCloudlets", flexible),
                ];
                platform.control("setcloudletscountbyid", &form).await["result"].clone()
            }
        };
        assert_eq!(set("10").await, 0);
        assert_eq!(set("11").await, code);
        let info = platform.info("shop-fr").await;
        assert_eq!(info["nodes"][0]["flexibleCloudlets"], 10);
    }
}

#[tokio::test]
async fn templates_layers_and_consumption_can_be_read() {
    let (_simulator, platform) = start_with(world_with(&shop(1)), 0.0).await;
    let all = platform.control("gettemplates", &[]).await;
    let php = &all["array"][0];
    assert_eq!(
        (&php["nodeType"], &php["nodeMission"]),
        (&json!("nginxphp-dockerized"), &json!("cp"))
    );
    assert_eq!(php["tags"][0]["isDefault"], true);
    let native = platform
        .control("gettemplates", &[("type", "NATIVE")])
        .await;
    assert_eq!(native["array"], json!([]));

    let groups = platform
        .control("getnodegroups", &[("envName", "shop-fr")])
        .await;
    assert_eq!(
        groups["object"],
        platform.info("shop-fr").await["nodeGroups"]
    );

    let form = [("envName", "shop-fr"), ("duration", "60")];
    let running = platform.control("getsumstat", &form).await["stats"][0].clone();
    assert_eq!(running["duration"], 60);
    assert!(running["cpu"].as_u64().unwrap() > 0);
    platform.control("stopenv", &form[..1]).await;
    assert_eq!(
        platform.control("getsumstat", &form).await["stats"][0]["cpu"],
        0
    );
    let missing = platform.control("getsumstat", &form[..1]).await;
    assert_eq!(missing["error"], "invalid parameter [duration]");
}
