//! Starting, stopping, naming, deleting, reading.

use std::time::Duration;

use serde_json::json;
use virtuozzo_simulator::{Effect, World};

use crate::client::{Platform, start_frozen, start_instant, start_with, until_executing};

const SHOP: &[(&str, &str)] = &[("envName", "shop-fr")];
const CONTROL: &str = "environment/control";

fn world_with_a_shop(status: u16) -> World {
    let addition = format!(
        "\n[[environments]]\nname = \"shop-fr\"\nuid = 4127\nstatus = {status}\n\
         display_name = \"Shop\"\nnode_types = [\"nginxphp-dockerized\"]\n"
    );
    World::from_toml(&format!("{}{addition}", World::EXAMPLE_TOML)).unwrap()
}

fn world_with_confirmation(kind: &str) -> World {
    let quota = "\"environment.delete.confirm.type\" = ";
    let text =
        World::EXAMPLE_TOML.replace(&format!("{quota}\"none\""), &format!("{quota}\"{kind}\""));
    World::from_toml(&text).unwrap()
}

#[tokio::test]
async fn statuses_change_while_the_call_is_open() {
    let cases = [
        (1, "stopenv", 13, 2),
        (2, "startenv", 3, 1),
        (4, "startenv", 3, 1),
        (1, "sleepenv", 14, 4),
    ];
    for (before, method, during, after) in cases {
        let (simulator, platform) = start_with(world_with_a_shop(before), 1.0).await;
        simulator.clock().freeze();
        let running = platform.in_background(CONTROL, method, SHOP);
        until_executing(&simulator, method).await;
        assert_eq!(
            platform.info("shop-fr").await["env"]["status"],
            during,
            "{method}"
        );
        let second = platform.call(CONTROL, "setenvdisplayname", SHOP).await;
        assert_eq!(second["result"], 2212, "{method}");
        simulator.clock().advance(Duration::from_secs(1));
        assert_eq!(running.json().await["result"], 0, "{method}");
        assert_eq!(
            platform.info("shop-fr").await["env"]["status"],
            after,
            "{method}"
        );
        let wrong = platform.call(CONTROL, method, SHOP).await;
        assert_eq!(wrong["result"], 2212, "{method} a second time");
    }
}

#[tokio::test]
async fn the_display_name_is_set_and_reset() {
    let (simulator, platform) = start_instant().await;
    platform.create("shop-fr").await;
    let named = [("envName", "shop-fr"), ("displayName", "L'atelier & Söhne")];
    assert_eq!(
        platform.call(CONTROL, "setenvdisplayname", &named).await["result"],
        0
    );
    assert_eq!(
        platform.info("shop-fr").await["env"]["displayName"],
        "L'atelier & Söhne"
    );
    assert_eq!(
        platform.call(CONTROL, "setenvdisplayname", SHOP).await["result"],
        0
    );
    assert!(
        platform.info("shop-fr").await["env"]
            .get("displayName")
            .is_none()
    );
    let set = simulator
        .ledger()
        .into_iter()
        .filter(|entry| entry.effect == Effect::DisplayNameSet);
    let details: Vec<_> = set.map(|entry| entry.detail).collect();
    assert_eq!(details, [Some("L'atelier & Söhne".to_owned()), None]);
}

#[tokio::test]
async fn a_deleted_environment_is_absent_and_its_name_free() {
    let (simulator, platform) = start_frozen().await;
    let creating = platform.in_background(
        CONTROL,
        "createenvironment",
        &[("env", r#"{"shortdomain":"shop-fr"}"#), ("nodes", "[]")],
    );
    until_executing(&simulator, "createenvironment").await;
    simulator.clock().advance(Duration::from_millis(2_500));
    creating.json().await;

    let deleting = platform.in_background(CONTROL, "deleteenv", SHOP);
    until_executing(&simulator, "deleteenv").await;
    assert_eq!(
        platform.call(CONTROL, "deleteenv", SHOP).await["result"],
        2212
    );
    assert_eq!(
        platform.create("shop-fr").await["response"]["result"],
        2314,
        "not free yet"
    );
    simulator.clock().advance(Duration::from_millis(1_500));
    assert_eq!(deleting.json().await["result"], 0);
    assert_eq!(platform.info("shop-fr").await["result"], 11);
    assert_eq!(
        platform.call(CONTROL, "deleteenv", SHOP).await["result"],
        11
    );
    let free = platform
        .call(
            "environment/binder",
            "checkdomain",
            &[("domain", "shop-fr")],
        )
        .await;
    assert_eq!(free["result"], 0);
}

#[tokio::test]
async fn deletion_asks_for_the_confirmation_that_the_quota_names() {
    for (kind, right) in [("password", "example-password"), ("name", "shop-fr")] {
        let (simulator, platform) = start_with(world_with_confirmation(kind), 0.0).await;
        platform.create("shop-fr").await;
        assert_eq!(
            platform.call(CONTROL, "deleteenv", SHOP).await["result"],
            801,
            "{kind}"
        );
        let wrong = [("envName", "shop-fr"), ("password", "wrong")];
        assert_eq!(
            platform.call(CONTROL, "deleteenv", &wrong).await["result"],
            801,
            "{kind}"
        );
        let confirmed = [("envName", "shop-fr"), ("password", right)];
        assert_eq!(
            platform.call(CONTROL, "deleteenv", &confirmed).await["result"],
            0,
            "{kind}"
        );
        let deleted = simulator.ledger().into_iter();
        assert_eq!(
            deleted
                .filter(|entry| entry.effect == Effect::EnvironmentDeleted)
                .count(),
            1
        );
    }
}

#[tokio::test]
async fn regions_name_their_hard_node_groups() {
    let (_simulator, platform) = start_instant().await;
    let regions = platform.call(CONTROL, "getregions", &[]).await;
    assert_eq!(regions["array"][1]["domain"], "south.example-paas.test");
    let group = json!({"uniqueName": "example_south_group", "displayName": "Example South 1",
        "isEnabled": true});
    assert_eq!(regions["array"][1]["hardNodeGroups"], json!([group]));
}

#[tokio::test]
async fn a_lazy_reading_has_no_nodes() {
    let (_simulator, platform) = start_with(world_with_a_shop(1), 0.0).await;
    let lazy = platform
        .call(
            CONTROL,
            "getenvinfo",
            &[("envName", "shop-fr"), ("lazy", "True")],
        )
        .await;
    assert!(
        lazy.get("nodes").is_none() && lazy["env"]["status"] == 1,
        "{lazy}"
    );
    assert_eq!(
        platform.info("shop-fr").await["nodes"][0]["nodeType"],
        "nginxphp-dockerized"
    );
}

#[tokio::test]
async fn mutations_of_one_environment_never_overlap_when_they_succeed() {
    let (simulator, platform) = start_with(world_with_a_shop(1), 0.001).await;
    let toggle = |platform: Platform| async move {
        for method in ["stopenv", "startenv"].repeat(5) {
            platform.call(CONTROL, method, SHOP).await;
        }
    };
    futures::future::join_all((0..4).map(|_| toggle(platform.clone()))).await;
    let mutations = simulator.mutations();
    assert_eq!(mutations.len(), 40);
    let done: Vec<_> = mutations
        .iter()
        .filter(|mutation| mutation.result == Some(0))
        .collect();
    assert!(!done.is_empty());
    for (position, first) in done.iter().enumerate() {
        for second in &done[position + 1..] {
            assert!(!first.overlaps(second), "{first:?} {second:?}");
        }
    }
}
