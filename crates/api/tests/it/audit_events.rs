//! The audit trail: filters, pages, and cursors that belong to their filters.

use crate::support::{TestApi, in_browser, request};
use domain::audit::{AuditOutcome, AuditRecord};
use domain::page::Page;
use domain::ports::AuditFilter;
use http::{Method, StatusCode};
use std::sync::{Arc, Mutex};
use testkit::builders;

/// The read model knows seven lines, whatever is asked, and remembers what was asked.
fn trail(api: &mut TestApi) -> Arc<Mutex<Vec<AuditFilter>>> {
    let asked: Arc<Mutex<Vec<AuditFilter>>> = Arc::default();
    let filters = Arc::clone(&asked);
    let (ids, own) = (Arc::clone(&api.ids), api.team);
    api.read_model
        .expect_list_audit_events()
        .returning(move |team, filter, page| {
            assert_eq!(team, Some(own));
            filters
                .lock()
                .expect("no panic while held")
                .push(filter.clone());
            let before = page.after().unwrap_or(8);
            let limit = usize::try_from(page.limit()).expect("pages are small");
            let items: Vec<_> = (1..before)
                .rev()
                .take(limit)
                .map(|sequence| AuditRecord {
                    sequence,
                    at: builders::moment(),
                    event: builders::audit_event(&*ids, own),
                    seal: None,
                })
                .collect();
            let last = items.last().map(|line| line.sequence);
            Ok(Page {
                items,
                next_after: last.filter(|last| *last > 1),
            })
        });
    asked
}

fn sequences(answer: &crate::support::Answer) -> Vec<i64> {
    let data = answer.body["data"].as_array().expect("a list");
    let numbers = data.iter().map(|it| it["sequence"].as_i64());
    numbers.map(|it| it.expect("a number")).collect()
}

#[tokio::test]
async fn lines_come_newest_first_page_by_page() {
    let mut api = TestApi::new();
    trail(&mut api);
    let path = api.path("/audit-events");
    let client = api.client();
    let first = client.get(&format!("{path}?limit=3")).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text);
    assert_eq!(sequences(&first), [7, 6, 5]);
    let event = &first.body["data"][0];
    for field in ["id", "at", "principal", "action", "target", "outcome"] {
        let text = event[field].as_str().unwrap_or_default();
        assert!(!text.is_empty(), "{field}: {}", first.text);
    }
    let cursor = first.body["page"]["next_cursor"].as_str().expect("more");
    let next = client.get(&format!("{path}?limit=5&cursor={cursor}")).await;
    assert_eq!(sequences(&next), [4, 3, 2, 1]);
    assert!(next.body["page"]["next_cursor"].is_null(), "{}", next.text);
}

#[tokio::test]
async fn filters_are_read_and_a_cursor_belongs_to_its_filters() {
    let mut api = TestApi::new();
    let asked = trail(&mut api);
    let path = api.path("/audit-events");
    let client = api.client();
    let user = "user_0000000000000000000000000a";
    let query = format!(
        "action=job.cancel&principal={user}&target=job_1&outcome=refused\
         &since=2026-01-02T03:04:05Z&until=2026-02-02T03:04:05%2B02:00"
    );
    let page = client.get(&format!("{path}?limit=1&{query}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let expected = AuditFilter {
        action: Some("job.cancel".to_owned()),
        principal: Some(user.to_owned()),
        target: Some("job_1".to_owned()),
        outcome: Some(AuditOutcome::Refused),
        since: Some("2026-01-02T03:04:05Z".parse().expect("a time")),
        until: Some("2026-02-02T01:04:05Z".parse().expect("a time")),
    };
    assert_eq!(*asked.lock().expect("no panic while held"), [expected]);
    let cursor = page.body["page"]["next_cursor"].as_str().expect("more");
    let same = client.get(&format!("{path}?{query}&cursor={cursor}")).await;
    assert_eq!(same.status, StatusCode::OK, "{}", same.text);
    let others = [
        String::new(),
        query.replace("cancel", "other"),
        query.replace("refused", "failed"),
        query.replace("&target=job_1", ""),
        query.replace("03:04:05Z", "03:04:06Z"),
    ];
    for other in others {
        let answer = client.get(&format!("{path}?{other}&cursor={cursor}")).await;
        answer.assert_problem(422, "validation-failed");
        answer.assert_fault("query", "cursor");
    }
}

#[tokio::test]
async fn a_filter_that_cannot_match_is_pointed_at() {
    let client = TestApi::new().client();
    let path = TestApi::new().path("/audit-events");
    let long = "a".repeat(201);
    for (name, text) in [
        ("action", ""),
        ("action", "a%0Ab"),
        ("action", &long),
        ("target", "%C3%A9"),
        ("principal", "somebody"),
        ("principal", "team_0000000000000000000000000a"),
        ("outcome", "good"),
        ("since", "yesterday"),
        ("until", "2026-13-01T00:00:00Z"),
    ] {
        let answer = client.get(&format!("{path}?{name}={text}")).await;
        answer.assert_problem(422, "validation-failed");
        answer.assert_fault("query", name);
    }
}

#[tokio::test]
async fn the_trail_is_read_in_a_browser_too() {
    let mut api = TestApi::new();
    trail(&mut api);
    let path = api.path("/audit-events");
    let answer = api
        .client()
        .send(request(Method::GET, &path, &in_browser(), ""))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}
