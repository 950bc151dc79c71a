//! Pages of other origins, and browsers that are told to come by TLS.

use crate::support::{Answer, TestApi, request};
use http::{Method, StatusCode};

const PANEL: &str = "https://panel.example.com";

async fn ask(api: TestApi, method: Method, headers: &[(&str, &str)]) -> Answer {
    let request = request(method, "/v1/version", headers, "");
    api.client().send(request).await
}

fn sharing() -> TestApi {
    let mut api = TestApi::new();
    api.origins = vec![PANEL];
    api
}

#[tokio::test]
async fn pages_of_a_configured_origin_may_read_answers() {
    let answer = ask(sharing(), Method::GET, &[("origin", PANEL)]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("access-control-allow-origin"), PANEL);
    assert_eq!(answer.header("vary"), "Origin");
    assert!(
        answer
            .header("access-control-expose-headers")
            .contains("request-id")
    );
    assert_eq!(
        answer.header("access-control-allow-credentials"),
        "",
        "no cookies"
    );
}

#[tokio::test]
async fn others_may_not_and_nobody_may_unless_it_is_configured() {
    for origin in [
        "https://panel.example.com.example.org",
        "null",
        "http://panel.example.com",
    ] {
        let answer = ask(sharing(), Method::GET, &[("origin", origin)]).await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{origin}");
        assert_eq!(answer.header("vary"), "Origin");
    }
    let answer = ask(TestApi::new(), Method::GET, &[("origin", PANEL)]).await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
    assert_eq!(answer.header("vary"), "");
}

#[tokio::test]
async fn a_browser_that_asks_beforehand_is_told_what_it_may_send() {
    let beforehand = [
        ("origin", PANEL),
        ("access-control-request-method", "DELETE"),
    ];
    let answer = ask(sharing(), Method::OPTIONS, &beforehand).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(answer.header("access-control-allow-origin"), PANEL);
    assert!(
        answer
            .header("access-control-allow-methods")
            .contains("DELETE")
    );
    let allowed = answer.header("access-control-allow-headers");
    for header in ["authorization", "idempotency-key", "content-type"] {
        assert!(allowed.contains(header), "{allowed}");
    }
    assert!(!allowed.contains("cookie"));
    assert_ne!(answer.header("request-id"), "");
    // Without that question it is an `OPTIONS` like any other.
    let answer = ask(sharing(), Method::OPTIONS, &[("origin", PANEL)]).await;
    assert!(answer.header("allow").contains("GET"));
}

#[tokio::test]
async fn browsers_are_told_to_come_by_tls_where_there_is_tls() {
    for is_encrypted in [true, false] {
        let mut api = TestApi::new();
        api.is_encrypted = is_encrypted;
        let answer = ask(api, Method::GET, &[]).await;
        let told = answer.header("strict-transport-security");
        assert_eq!(told == "max-age=31536000", is_encrypted);
        assert_eq!(told.is_empty(), !is_encrypted);
    }
}
