//! One test for each kind of fault that a client sees below the JSON: resets, bodies, proxies.

use std::num::NonZeroU64;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use virtuozzo_simulator::{Delivery, Effect, FaultKind, FaultRule, Simulator};

use crate::client::{NODES, Platform, start_instant};

const CREATE: &[(&str, &str)] = &[("env", r#"{"shortdomain":"shop-fr"}"#), ("nodes", NODES)];
const CONTROL: &str = "environment/control";

fn has_created(simulator: &Simulator) -> bool {
    let ledger = simulator.ledger();
    ledger
        .iter()
        .any(|entry| entry.effect == Effect::EnvironmentCreated)
}

/// Sends `getenvs` and gives back the connection with its answer unread.
async fn raw_getenvs(platform: &Platform) -> TcpStream {
    let address = platform.base_url.replace("http://", "");
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let request = format!(
        "GET /1.0/environment/control/rest/getenvs?session={} HTTP/1.1\r\nhost: {address}\r\n\r\n",
        platform.session
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Reads the head of an answer: everything up to the empty line.
async fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

#[tokio::test]
async fn a_reset_comes_before_or_after_the_effect() {
    for (kind, expected) in [
        (FaultKind::ResetBeforeEffect, false),
        (FaultKind::EffectThenReset, true),
    ] {
        let (simulator, platform) = start_instant().await;
        simulator.add_fault(FaultRule::once("createenvironment", kind));
        let error = platform
            .try_call(CONTROL, "createenvironment", CREATE)
            .await
            .map(|reply| reply.text)
            .unwrap_err();
        assert!(error.contains("ConnectionReset"), "{error}");
        assert_eq!(has_created(&simulator), expected);
        assert_eq!(simulator.journal()[1].delivery, Delivery::Closed);
    }
}

#[tokio::test]
async fn a_drop_is_no_reset() {
    let (simulator, platform) = start_instant().await;
    simulator.add_fault(FaultRule::once("getenvs", FaultKind::DropBeforeEffect));
    let mut stream = raw_getenvs(&platform).await;
    let mut answer = Vec::new();
    assert_eq!(stream.read_to_end(&mut answer).await.unwrap(), 0);
}

#[tokio::test]
async fn a_slow_body_takes_as_long_as_its_rate_says() {
    let (simulator, platform) = start_instant().await;
    let bytes_per_second = NonZeroU64::new(1_000).unwrap();
    simulator.add_fault(FaultRule::once(
        "getuserinfo",
        FaultKind::SlowBody { bytes_per_second },
    ));
    let began = Instant::now();
    let reply = platform
        .try_call("users/account", "getuserinfo", &[])
        .await
        .unwrap();
    let length = u64::try_from(reply.text.len()).unwrap();
    assert!(
        began.elapsed() >= Duration::from_millis(length),
        "{length} bytes in {:?}",
        began.elapsed()
    );
    assert_eq!(reply.json()["result"], 0);
    assert_eq!(reply.headers["content-length"], length.to_string().as_str());
}

#[tokio::test]
async fn one_byte_per_second_is_possible() {
    let (simulator, platform) = start_instant().await;
    let bytes_per_second = NonZeroU64::MIN;
    simulator.add_fault(FaultRule::once(
        "getenvs",
        FaultKind::SlowBody { bytes_per_second },
    ));
    let mut stream = raw_getenvs(&platform).await;
    head(&mut stream).await;
    let mut bytes = [0; 64];
    let began = Instant::now();
    assert_eq!(stream.read(&mut bytes).await.unwrap(), 1);
    assert!(
        began.elapsed() >= Duration::from_millis(900),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test]
async fn an_endless_body_begins_well_and_goes_on() {
    let (simulator, platform) = start_instant().await;
    simulator.add_fault(FaultRule::once("getenvs", FaultKind::EndlessBody));
    let mut stream = raw_getenvs(&platform).await;
    let head = head(&mut stream).await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(!head.contains("content-length"), "{head}");
    let mut seen = vec![0; 4 * 1024 * 1024];
    stream.read_exact(&mut seen).await.unwrap();
    let beginning = String::from_utf8_lossy(&seen[..400]);
    assert!(beginning.contains(r#""infos":[]"#), "{beginning}");
    assert!(beginning.contains(r#""padding":""#), "{beginning}");
    assert!(seen.ends_with(b"........"));
    drop(stream);
    // A reader that never stops does not keep the simulator from stopping.
    let _unread = raw_getenvs(&platform).await;
    simulator.stop().await;
}

#[tokio::test]
async fn deep_json_is_as_deep_as_wanted() {
    let (simulator, platform) = start_instant().await;
    let depth = 100_000;
    simulator.add_fault(FaultRule::once("getenvs", FaultKind::DeepJson { depth }));
    let reply = platform.try_call(CONTROL, "getenvs", &[]).await.unwrap();
    assert_eq!(reply.content_type, "application/json");
    let opened = format!(r#""padding":{}{}"#, "[".repeat(depth), "]".repeat(depth));
    assert!(reply.text.contains(&opened) && reply.text.ends_with("]}"));
    let parsed = serde_json::from_str::<serde_json::Value>(&reply.text);
    assert!(parsed.unwrap_err().to_string().contains("recursion"));

    let depth = 3;
    simulator.add_fault(FaultRule::once("getenvs", FaultKind::DeepJson { depth }));
    let shallow = platform.call(CONTROL, "getenvs", &[]).await;
    assert_eq!(shallow["padding"], serde_json::json!([[[]]]));
    assert_eq!(shallow["result"], 0);
}

#[tokio::test]
async fn the_proxy_in_front_refuses_with_a_page() {
    for (status, title) in [
        (401, "401 Unauthorized"),
        (404, "404 Not Found"),
        (429, "429 Too Many Requests"),
        (500, "500 Internal Server Error"),
        (503, "503 Service Unavailable"),
    ] {
        let (simulator, platform) = start_instant().await;
        let kind = FaultKind::ProxyPage {
            status,
            retry_after_s: (status == 429).then_some(30),
        };
        simulator.add_fault(FaultRule::once("createenvironment", kind));
        let reply = platform
            .try_call(CONTROL, "createenvironment", CREATE)
            .await
            .unwrap();
        assert_eq!(
            (reply.status, reply.content_type.as_str()),
            (status, "text/html")
        );
        assert!(reply.text.contains(title), "{}", reply.text);
        let retry_after = reply.headers.get("retry-after");
        assert_eq!(
            retry_after.map(|value| value.to_str().unwrap()),
            (status == 429).then_some("30")
        );
        assert!(!has_created(&simulator) && simulator.mutations().is_empty());
    }
}

#[tokio::test]
async fn a_redirect_says_where_to() {
    let (simulator, platform) = start_instant().await;
    for status in [301, 302, 307, 308] {
        let kind = FaultKind::Redirect {
            status,
            location: "https://app.example.com/maintenance".to_owned(),
        };
        simulator.add_fault(FaultRule::once("createenvironment", kind));
        let reply = platform
            .try_call(CONTROL, "createenvironment", CREATE)
            .await
            .unwrap();
        assert_eq!(reply.status, status);
        assert_eq!(
            reply.headers["location"],
            "https://app.example.com/maintenance"
        );
    }
    assert!(!has_created(&simulator));
}
