//! What authenticated callers are refused gets into the audit trail; the answers do not wait for it.

use crate::support::{GOOD_SESSION, POOR_TOKEN, TestApi, operations, request};
use api::write_refusals;
use application::refusals::RefusalRecorder;
use domain::access::Principal;
use domain::audit::{AuditEvent, AuditOutcome};
use http::{Method, StatusCode};
use std::sync::{Arc, Mutex};
use tokio_util::sync::CancellationToken;

/// What a test looks at after its requests.
struct Trail {
    recorder: Arc<RefusalRecorder>,
    audited: Arc<Mutex<Vec<AuditEvent>>>,
}

impl Trail {
    fn of(api: &TestApi) -> Self {
        Self {
            recorder: Arc::clone(&api.refusals),
            audited: Arc::clone(&api.audited),
        }
    }

    /// Nothing is written before this.
    async fn written(&self) -> Vec<AuditEvent> {
        assert!(self.audited.lock().expect("no panic while held").is_empty());
        assert_eq!(self.recorder.flush(true).await, 0);
        self.audited.lock().expect("no panic while held").clone()
    }
}

#[tokio::test]
async fn every_missing_permission_is_in_the_trail_of_the_team() {
    let api = TestApi::new();
    let (trail, team) = (Trail::of(&api), api.team);
    let operations = operations(&team.to_string());
    let client = api.client();
    let token = format!("Bearer {POOR_TOKEN}");
    let mut refused = 0;
    for operation in operations.iter().filter(|it| it.permission.is_some()) {
        let headers = [("authorization", token.as_str())];
        let answer = operation.send(&client, &headers, operation.body()).await;
        answer.assert_problem(403, "permission-denied");
        refused += 1;
    }
    assert!(refused >= 30, "there are operations");
    let lines = trail.written().await;
    assert_eq!(lines.len(), refused);
    for line in lines {
        assert_eq!(line.team_id, Some(team));
        assert!(matches!(line.principal, Principal::Token(_)));
        assert_eq!(line.outcome, AuditOutcome::Refused);
        assert_eq!(line.detail.as_deref(), Some("permission-denied"));
        assert!(
            line.target.contains("/v1/teams/{team_id}"),
            "{}",
            line.target
        );
        assert!(line.request_id.is_some());
    }
}

#[tokio::test]
async fn a_session_key_is_audited_wherever_it_was_and_never_written_down() {
    let api = TestApi::new();
    let (trail, team) = (Trail::of(&api), api.team);
    let path = api.path("/platform-account");
    let client = api.client();
    let (name, secret) = ("sessionKey", "a-platform-session");
    let query = format!("{path}?{name}={secret}");
    let cookie = format!("{name}={secret}");
    let body = format!(r#"{{"{name}":"{secret}"}}"#);
    let sent = [
        request(Method::GET, &query, &[], ""),
        request(Method::DELETE, &path, &[("session", secret)], ""),
        request(Method::PUT, &path, &[], &body),
        request(Method::GET, &path, &[("cookie", &cookie)], ""),
    ];
    for request in sent {
        let answer = client.send(request).await;
        answer.assert_problem(422, "session-key-not-accepted");
    }
    let lines = trail.written().await;
    let details: Vec<_> = lines.iter().filter_map(|it| it.detail.as_deref()).collect();
    let first = "session-key-not-accepted";
    // The second GET is a repeat.
    let counted = "session-key-not-accepted; 1 more within a minute";
    assert_eq!(details, [first, first, first, counted]);
    for line in &lines {
        assert_eq!(line.team_id, Some(team));
        assert!(matches!(line.principal, Principal::Token(_)));
        assert!(!format!("{line:?}").contains(secret), "{line:?}");
    }
}

#[tokio::test]
async fn a_forged_request_of_a_browser_is_audited_as_the_persons() {
    let api = TestApi::new();
    let trail = Trail::of(&api);
    let path = api.path("/platform-account");
    let cookie = format!("__Host-windlass={GOOD_SESSION}");
    let headers = [("authorization", ""), ("cookie", cookie.as_str())];
    let delete = request(Method::DELETE, &path, &headers, "");
    let answer = api.client().send(delete).await;
    answer.assert_problem(403, "csrf-token-invalid");
    let lines = trail.written().await;
    assert_eq!(lines.len(), 1);
    assert!(matches!(lines[0].principal, Principal::User(_)));
    assert_eq!(lines[0].detail.as_deref(), Some("csrf-token-invalid"));
}

#[tokio::test]
async fn nobody_and_what_was_allowed_leave_no_line() {
    let mut api = TestApi::new();
    let account = api.account();
    api.read_model
        .expect_find_platform_account()
        .returning(move |_| Ok(Some(account.clone())));
    let trail = Trail::of(&api);
    let path = api.path("/platform-account");
    let foreign = "/v1/teams/team_0000000000000000000000000z/platform-account";
    let client = api.client();
    let nobody = [("authorization", "")];
    let answer = client.send(request(Method::GET, &path, &nobody, "")).await;
    answer.assert_problem(401, "unauthenticated");
    let query = format!("{path}?session=x");
    let answer = client.send(request(Method::GET, &query, &nobody, "")).await;
    answer.assert_problem(422, "session-key-not-accepted");
    client.get(foreign).await.assert_problem(404, "not-found");
    assert_eq!(client.get(&path).await.status, StatusCode::OK);
    assert_eq!(trail.written().await, []);
}

#[tokio::test]
async fn the_writer_writes_what_is_left_when_it_is_stopped() {
    let api = TestApi::new();
    let (recorder, audited) = (Arc::clone(&api.refusals), Arc::clone(&api.audited));
    let path = api.path("/platform-account");
    let token = format!("Bearer {POOR_TOKEN}");
    let headers = [("authorization", token.as_str())];
    let client = api.client();
    for _ in 0..3 {
        let answer = client.send(request(Method::GET, &path, &headers, "")).await;
        answer.assert_problem(403, "permission-denied");
    }
    let stop = CancellationToken::new();
    stop.cancel();
    write_refusals(recorder, stop).await;
    assert_eq!(audited.lock().expect("no panic while held").len(), 2);
}
