//! One test for each kind of fault.

use std::time::Duration;

use serde_json::json;
use virtuozzo_simulator::{Delivery, Effect, FaultKind, FaultRule, Simulator};

use crate::client::{NODES, start_frozen, start_instant, until};

const CREATE: &[(&str, &str)] = &[("env", r#"{"shortdomain":"shop-fr"}"#), ("nodes", NODES)];
const CONTROL: &str = "environment/control";

fn created(simulator: &Simulator) -> usize {
    let ledger = simulator.ledger().into_iter();
    ledger
        .filter(|entry| entry.effect == Effect::EnvironmentCreated)
        .count()
}

#[tokio::test]
async fn delay_waits_by_the_clock() {
    let (simulator, platform) = start_frozen().await;
    simulator.add_fault(FaultRule::once("getenvs", FaultKind::Delay { ms: 700 }));
    let reading = platform.in_background(CONTROL, "getenvs", &[]);
    until(|| {
        simulator
            .journal()
            .iter()
            .any(|entry| entry.method == "getenvs")
    })
    .await;
    let before = simulator.clock().now_ms();
    until(|| {
        simulator.clock().advance(Duration::from_millis(50));
        simulator
            .journal()
            .iter()
            .any(|entry| entry.method == "getenvs" && entry.result == Some(0))
    })
    .await;
    reading.json().await;
    let entry = simulator.journal().pop().unwrap();
    assert!(entry.ended_at_ms.unwrap() >= before + 700, "{entry:?}");
    assert_eq!(entry.faults, ["delay"]);
}

#[tokio::test]
async fn drop_before_effect_closes_the_connection_and_does_nothing() {
    let (simulator, platform) = start_instant().await;
    simulator.add_fault(FaultRule::once(
        "createenvironment",
        FaultKind::DropBeforeEffect,
    ));
    assert!(
        platform
            .try_call(CONTROL, "createenvironment", CREATE)
            .await
            .is_err()
    );
    assert_eq!(platform.info("shop-fr").await["result"], 11);
    assert_eq!(created(&simulator), 0);
    assert!(simulator.mutations().is_empty());
    assert_eq!(simulator.journal()[1].delivery, Delivery::Closed);
    assert_eq!(
        platform.create("shop-fr").await["response"]["result"],
        0,
        "only once"
    );
}

#[tokio::test]
async fn effect_then_drop_does_everything_and_says_nothing() {
    let (simulator, platform) = start_instant().await;
    simulator.add_fault(FaultRule::once(
        "createenvironment",
        FaultKind::EffectThenDrop,
    ));
    assert!(
        platform
            .try_call(CONTROL, "createenvironment", CREATE)
            .await
            .is_err()
    );
    assert_eq!(platform.info("shop-fr").await["env"]["status"], 1);
    assert_eq!(created(&simulator), 1);
    assert_eq!(simulator.mutations()[0].nested_result, Some(0));
}

#[tokio::test]
async fn bad_gateway_answers_at_once_while_the_work_goes_on() {
    for status in [502, 504] {
        let (simulator, platform) = start_frozen().await;
        simulator.add_fault(FaultRule::once("*", FaultKind::BadGatewayHtml { status }));
        let reply = platform
            .try_call(CONTROL, "createenvironment", CREATE)
            .await
            .unwrap();
        assert_eq!(
            (reply.status, reply.content_type.as_str()),
            (status, "text/html")
        );
        assert!(reply.text.starts_with("<html>"));
        until(|| simulator.mutations().len() == 1).await;
        assert_eq!(platform.info("shop-fr").await["env"]["status"], 6);
        simulator.clock().advance(Duration::from_millis(2_500));
        until(|| created(&simulator) == 1).await;
    }
}

#[tokio::test]
async fn an_expired_session_is_dead_and_nothing_ran() {
    let (simulator, platform) = start_instant().await;
    simulator.add_fault(FaultRule::once(
        "createenvironment",
        FaultKind::SessionExpiredOuter,
    ));
    let answer = platform.create("shop-fr").await;
    assert_eq!(answer["result"], 702);
    assert!(answer.get("response").is_none());
    assert_eq!(
        platform.info("shop-fr").await["result"],
        702,
        "dead for later calls too"
    );
    let renewed = platform
        .sign_in("owner@example.com", "example-password")
        .await;
    assert_eq!(
        platform.with_session(&renewed).info("shop-fr").await["result"],
        11
    );
}

#[tokio::test]
async fn a_nested_expiry_may_come_before_or_after_the_effect() {
    for (after_effect, expected) in [(false, 0), (true, 1)] {
        let (simulator, platform) = start_instant().await;
        let kind = FaultKind::SessionExpiredNested { after_effect };
        simulator.add_fault(FaultRule::once("createenvironment", kind));
        let answer = platform.create("shop-fr").await;
        assert_eq!(
            (&answer["result"], &answer["response"]["result"]),
            (&json!(0), &json!(702))
        );
        assert_eq!(
            created(&simulator),
            expected,
            "after_effect: {after_effect}"
        );
        assert_eq!(platform.info("shop-fr").await["result"], 702);
    }
}

#[tokio::test]
async fn a_forced_result_replaces_the_work() {
    let (simulator, platform) = start_instant().await;
    let kind = FaultKind::ForcedResult {
        result: 99,
        error: "made up".to_owned(),
    };
    simulator.add_fault(FaultRule::once("createenvironment", kind));
    let answer = platform.create("shop-fr").await;
    assert_eq!(
        (&answer["result"], &answer["error"]),
        (&json!(99), &json!("made up"))
    );
    assert_eq!(created(&simulator), 0);
}

#[tokio::test]
async fn a_forced_nested_result_may_come_after_the_effect() {
    for (after_effect, expected) in [(false, 0), (true, 1)] {
        let (simulator, platform) = start_instant().await;
        let kind = FaultKind::ForcedNestedResult {
            result: 4099,
            error: "made up".to_owned(),
            after_effect,
        };
        simulator.add_fault(FaultRule::once("createenvironment", kind));
        let answer = platform.create("shop-fr").await;
        assert_eq!(
            (&answer["result"], &answer["response"]["result"]),
            (&json!(0), &json!(4099))
        );
        assert_eq!(
            created(&simulator),
            expected,
            "after_effect: {after_effect}"
        );
    }
}

#[tokio::test]
async fn truncated_json_stops_at_the_byte() {
    let (simulator, platform) = start_instant().await;
    simulator.add_fault(FaultRule::once(
        "createenvironment",
        FaultKind::TruncatedJson { bytes: 17 },
    ));
    let reply = platform
        .try_call(CONTROL, "createenvironment", CREATE)
        .await
        .unwrap();
    assert_eq!((reply.status, reply.text.len()), (200, 17));
    assert!(serde_json::from_str::<serde_json::Value>(&reply.text).is_err());
    assert_eq!(created(&simulator), 1);
}

#[tokio::test]
async fn html_comes_with_200_after_the_work() {
    let (simulator, platform) = start_instant().await;
    simulator.add_fault(FaultRule::once("createenvironment", FaultKind::HtmlOk));
    let reply = platform
        .try_call(CONTROL, "createenvironment", CREATE)
        .await
        .unwrap();
    assert_eq!(
        (reply.status, reply.content_type.as_str()),
        (200, "text/html")
    );
    assert_eq!(created(&simulator), 1);
}

#[tokio::test]
async fn a_taken_name_is_refused_by_check_and_by_create() {
    let (simulator, platform) = start_instant().await;
    simulator.add_fault(FaultRule::always("*", FaultKind::NameTaken));
    let check = platform
        .call(
            "environment/binder",
            "checkdomain",
            &[("domain", "shop-fr")],
        )
        .await;
    assert_eq!(check["result"], 2314);
    assert_eq!(platform.create("shop-fr").await["response"]["result"], 2314);
    simulator.clear_faults();
    assert_eq!(platform.create("shop-fr").await["response"]["result"], 0);
}

#[tokio::test]
async fn a_broken_creation_leaves_half_an_environment() {
    let (simulator, platform) = start_instant().await;
    simulator.add_fault(FaultRule::once(
        "createenvironment",
        FaultKind::BrokenEnvironment,
    ));
    assert_eq!(platform.create("shop-fr").await["response"]["result"], 4099);
    let info = platform.info("shop-fr").await;
    assert_eq!(info["env"]["status"], 11);
    assert_eq!(info["nodes"].as_array().unwrap().len(), 1);
    assert_eq!(created(&simulator), 0);
    let delete = platform
        .call(CONTROL, "deleteenv", &[("envName", "shop-fr")])
        .await;
    assert_eq!(delete["result"], 0, "a broken environment can be deleted");
}

#[tokio::test]
async fn a_hold_blocks_before_or_after_the_effect() {
    for (after_effect, expected) in [(false, 0), (true, 1)] {
        let (simulator, platform) = start_instant().await;
        let kind = FaultKind::HoldUntilReleased {
            name: "gate".to_owned(),
            after_effect,
        };
        simulator.add_fault(FaultRule::once("createenvironment", kind).on_environment("shop-fr"));
        let creating = platform.in_background(CONTROL, "createenvironment", CREATE);
        simulator.until_held("gate").await;
        assert_eq!(simulator.holds(), ["gate"]);
        assert_eq!(
            created(&simulator),
            expected,
            "after_effect: {after_effect}"
        );
        // The caller dies at exactly this point; the platform does not notice.
        drop(creating);
        assert_eq!(simulator.release("gate"), 1);
        until(|| created(&simulator) == 1).await;
        assert!(simulator.holds().is_empty());
    }
}
