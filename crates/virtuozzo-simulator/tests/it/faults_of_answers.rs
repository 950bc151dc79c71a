//! One test for each kind of fault that is in what the JSON says, or in what it keeps quiet about.

use std::time::Duration;

use serde_json::{Value, json};
use virtuozzo_simulator::{Effect, FaultKind, FaultRule, Simulator};

use crate::client::{NODES, Platform, start_frozen, start_instant, until, until_executing};

const CREATE: &[(&str, &str)] = &[("env", r#"{"shortdomain":"shop-fr"}"#), ("nodes", NODES)];
const CONTROL: &str = "environment/control";

fn created(simulator: &Simulator) -> usize {
    let ledger = simulator.ledger().into_iter();
    ledger
        .filter(|entry| entry.effect == Effect::EnvironmentCreated)
        .count()
}

#[tokio::test]
async fn a_jittered_delay_stays_within_its_bounds() {
    let (simulator, platform) = start_frozen().await;
    let kind = FaultKind::JitteredDelay {
        ms: 500,
        jitter_ms: 300,
    };
    simulator.add_fault(FaultRule::always("getenvs", kind));
    for _ in 0..5 {
        let calls = simulator.journal().len();
        let reading = platform.in_background(CONTROL, "getenvs", &[]);
        until(|| simulator.journal().len() > calls).await;
        until(|| {
            simulator.clock().advance(Duration::from_millis(10));
            simulator.journal()[calls].result == Some(0)
        })
        .await;
        reading.json().await;
        let entry = &simulator.journal()[calls];
        let waited = entry.ended_at_ms.unwrap() - entry.started_at_ms;
        assert!(waited >= 500, "{entry:?}");
    }
}

#[tokio::test]
async fn a_session_may_end_at_any_call() {
    let (simulator, platform) = start_instant().await;
    simulator.add_fault(FaultRule {
        times: Some(1),
        ..FaultRule::always("*", FaultKind::SessionExpiredOuter).skipping(3)
    });
    let mut results = Vec::new();
    for _ in 0..5 {
        let answer = platform.call(CONTROL, "getenvs", &[]).await;
        results.push(answer["result"].as_i64().unwrap());
    }
    assert_eq!(results, [0, 0, 0, 702, 702]);
}

#[tokio::test]
async fn a_session_is_echoed_masked_or_in_clear() {
    let (simulator, platform) = start_instant().await;
    for masked in [true, false] {
        simulator.add_fault(FaultRule::once(
            "getenvs",
            FaultKind::SessionEchoed { masked },
        ));
        let answer = platform.call(CONTROL, "getenvs", &[]).await;
        let error = answer["error"].as_str().unwrap();
        assert_eq!(answer["result"], 702);
        assert!(error.contains("session ["), "{error}");
        assert_eq!(error.contains(&platform.session), !masked, "{error}");
        assert_eq!(error.contains("session [xxx"), masked, "{error}");
    }
    let alive = platform.call(CONTROL, "getenvs", &[]).await;
    assert_eq!(alive["result"], 0, "the session lives on");
}

#[tokio::test]
async fn a_forced_result_may_be_at_any_depth() {
    for (depth, pointer) in [
        (0, "/result"),
        (1, "/response/result"),
        (2, "/response/response/result"),
        (3, "/response/response/response/result"),
    ] {
        for (after_effect, expected) in [(false, 0), (true, 1)] {
            let (simulator, platform) = start_instant().await;
            let kind = FaultKind::ForcedDeepResult {
                result: 4099,
                error: "made up".to_owned(),
                depth,
                after_effect,
            };
            simulator.add_fault(FaultRule::once("createenvironment", kind));
            let answer = platform.create("shop-fr").await;
            assert_eq!(answer.pointer(pointer), Some(&json!(4099)), "{answer}");
            if depth > 0 {
                assert_eq!(answer["result"], 0, "{answer}");
            }
            assert_eq!(created(&simulator), expected);
        }
    }
}

#[tokio::test]
async fn an_element_of_responses_may_have_failed() {
    let (simulator, platform) = start_instant().await;
    let node = platform.create("shop-fr").await["response"]["nodes"][0]["id"].clone();
    for (outer_result, after_effect, stopped) in [(0, false, 0), (4109, true, 1)] {
        let kind = FaultKind::FailedResponses {
            result: 4109,
            error: "exit status 1".to_owned(),
            outer_result,
            after_effect,
        };
        simulator.add_fault(FaultRule::once("stopenv", kind));
        let answer = platform
            .call(CONTROL, "stopenv", &[("envName", "shop-fr")])
            .await;
        assert_eq!(answer["result"], outer_result);
        assert_eq!(answer["responses"][0]["result"], 4109);
        assert_eq!(answer["responses"][0]["nodeid"], node);
        let effects = simulator.ledger().into_iter();
        assert_eq!(
            effects
                .filter(|entry| entry.effect == Effect::EnvironmentStopped)
                .count(),
            stopped
        );
    }
}

/// How many environments and add-ons the lists show.
async fn shown(platform: &Platform) -> [usize; 3] {
    let count = |value: &Value| value.as_array().unwrap().len();
    let environments = platform.call(CONTROL, "getenvs", &[]).await;
    let installations = platform
        .call("marketplace/installation", "getlist", &[])
        .await;
    let addons = platform
        .call(
            "marketplace/app",
            "getaddonlist",
            &[("envName", "shop-fr"), ("nodeGroup", "cp")],
        )
        .await;
    let installed = addons["apps"].as_array().unwrap().iter();
    [
        count(&environments["infos"]),
        count(&installations["response"]["apps"]),
        installed.filter(|app| app["isInstalled"] == true).count(),
    ]
}

#[tokio::test]
async fn lists_show_what_is_new_only_after_a_while() {
    let (simulator, platform) = start_frozen().await;
    simulator.add_fault(FaultRule::once(
        "createenvironment",
        FaultKind::VisibleAfter { ms: 10_000 },
    ));
    simulator.add_fault(FaultRule::once(
        "installaddon",
        FaultKind::VisibleAfter { ms: 60_000 },
    ));
    let creating = platform.in_background(CONTROL, "createenvironment", CREATE);
    until_executing(&simulator, "createenvironment").await;
    assert_eq!(
        platform.info("shop-fr").await["result"],
        11,
        "not even status 6 is shown"
    );
    simulator.clock().advance(Duration::from_millis(2_500));
    assert_eq!(creating.json().await["response"]["result"], 0);
    assert_eq!(platform.info("shop-fr").await["result"], 11);
    let installing = platform.in_background(
        "marketplace/app",
        "installaddon",
        &[("id", "example-sftp-addon"), ("envName", "shop-fr")],
    );
    until_executing(&simulator, "installaddon").await;
    simulator.clock().advance(Duration::from_millis(1_500));
    assert_eq!(installing.json().await["result"], 0);
    assert_eq!(shown(&platform).await, [0, 0, 0]);
    simulator.clock().advance(Duration::from_secs(6));
    assert_eq!(shown(&platform).await, [1, 0, 0]);
    assert_eq!(platform.info("shop-fr").await["env"]["status"], 1);
    simulator.clock().advance(Duration::from_mins(1));
    assert_eq!(shown(&platform).await, [1, 1, 1]);
}
