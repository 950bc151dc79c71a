//! The control port, from end to end.

use http::Method;
use serde_json::{Value, json};
use virtuozzo_simulator::{JournalEntry, LedgerEntry, MutationInterval};

use crate::client::{NODES, Platform, start_instant};

const CREATE: &[(&str, &str)] = &[("env", r#"{"shortdomain":"shop-fr"}"#), ("nodes", NODES)];

async fn control(port: &Platform, method: Method, path: &str, body: &str) -> (u16, Value) {
    let reply = port.request(&method, path, body.to_owned()).await.unwrap();
    assert_eq!(reply.content_type, "application/json");
    (reply.status, reply.json())
}

#[tokio::test]
async fn books_faults_holds_sessions_and_clock_go_over_the_wire() {
    let (simulator, platform) = start_instant().await;
    let port = Platform::unsigned(&simulator.control_url().unwrap());
    assert_eq!(control(&port, Method::GET, "/healthz", "").await.0, 200);

    let rule = json!({"method": "createenvironment", "times": 1,
        "kind": {"type": "hold_until_released", "name": "gate"}});
    let added = control(&port, Method::POST, "/faults", &rule.to_string()).await;
    assert_eq!(added, (200, json!({"rules": 1})));
    let creating = platform.in_background("environment/control", "createenvironment", CREATE);
    simulator.until_held("gate").await;
    assert_eq!(
        control(&port, Method::GET, "/holds", "").await.1,
        json!(["gate"])
    );
    let released = control(&port, Method::POST, "/release/gate", "").await;
    assert_eq!(released.1, json!({"released": 1}));
    creating.json().await;
    assert_eq!(
        control(&port, Method::DELETE, "/faults", "").await.1,
        json!({"rules": 0})
    );

    let ledger = control(&port, Method::GET, "/ledger", "").await.1;
    assert_eq!(ledger[1]["effect"], "environment_created");
    let ledger: Vec<LedgerEntry> = serde_json::from_value(ledger).unwrap();
    assert_eq!(ledger, simulator.ledger());
    let mutations = control(&port, Method::GET, "/mutations", "").await.1;
    let mutations: Vec<MutationInterval> = serde_json::from_value(mutations).unwrap();
    assert_eq!(mutations, simulator.mutations());
    let journal = control(&port, Method::GET, "/journal", "").await.1;
    let journal: Vec<JournalEntry> = serde_json::from_value(journal).unwrap();
    assert_eq!(journal, simulator.journal());

    let expired = control(&port, Method::POST, "/sessions/expire", "").await.1;
    assert_eq!(expired, json!({"expired": 1}));
    assert_eq!(platform.info("shop-fr").await["result"], 702);

    control(&port, Method::POST, "/clock/freeze", "").await;
    let before = control(&port, Method::GET, "/clock", "").await.1["now_ms"]
        .as_u64()
        .unwrap();
    let after = control(&port, Method::POST, "/clock/advance", r#"{"ms": 60000}"#)
        .await
        .1;
    assert_eq!(after["now_ms"].as_u64().unwrap(), before + 60_000);
    assert_eq!(
        control(&port, Method::POST, "/clock/resume", "").await.0,
        200
    );
}

#[tokio::test]
async fn what_the_control_port_does_not_understand_is_named() {
    let (simulator, _platform) = start_instant().await;
    let port = Platform::unsigned(&simulator.control_url().unwrap());
    let unknown = r#"{"method": "*", "kind": {"type": "explode"}}"#;
    let (status, answer) = control(&port, Method::POST, "/faults", unknown).await;
    assert_eq!(status, 400);
    assert!(
        answer["error"].as_str().unwrap().contains("explode"),
        "{answer}"
    );
    assert_eq!(control(&port, Method::GET, "/nothing", "").await.0, 404);
    assert_eq!(
        control(&port, Method::POST, "/clock/advance", "{}").await.0,
        400
    );
}
