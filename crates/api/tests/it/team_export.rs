//! Exporting a team: what is cut off never passes for the whole.

use crate::support::{JobStory, PATIENCE, TestApi, request, rights_stay};
use axum::body::BodyDataStream;
use domain::page::Page;
use domain::ports::{MockTransaction, StoreError};
use domain::team::Team;
use futures::StreamExt as _;
use http::{Method, StatusCode};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use testkit::builders;
use testkit::clocks::ManualClock;
use tower::ServiceExt as _;

/// A team with one job and nothing else, in a store that answers or refuses when its roles are read.
fn small_team(api: &mut TestApi, store_answers: bool, is_use_noted: bool) -> JobStory {
    let story = JobStory::begin(api);
    let team = Team {
        id: api.team,
        ..builders::team(&*api.ids)
    };
    let mut transaction = MockTransaction::default();
    transaction
        .teams
        .expect_find_team()
        .returning(move |_| Ok(Some(team.clone())));
    transaction
        .audit
        .expect_append_audit_event()
        .times(1)
        .returning(|_| Ok(()));
    // By a clock that stands elsewhere the use of the token is news.
    let mut noting = MockTransaction::default();
    noting
        .api_tokens
        .expect_note_api_token_use()
        .returning(|_, _, _| Ok(()));
    rights_stay(&mut transaction, &api.ids, api.team);
    if is_use_noted {
        api.storing_in_turn([noting, transaction]);
    } else {
        api.storing_in_turn([transaction]);
    }
    let reads = &mut api.read_model;
    reads.expect_find_platform_account().returning(|_| Ok(None));
    reads.expect_list_roles().returning(move |_, _| {
        if store_answers {
            Ok(nothing())
        } else {
            Err(StoreError::Busy)
        }
    });
    reads.expect_list_members().returning(|_, _| Ok(nothing()));
    reads
        .expect_list_invitations()
        .returning(|_, _, _| Ok(nothing()));
    reads
        .expect_list_api_tokens()
        .returning(|_, _| Ok(nothing()));
    reads.expect_list_webhooks().returning(|_, _| Ok(nothing()));
    reads
        .expect_list_environments()
        .returning(|_, _, _| Ok(nothing()));
    let shown = story.clone();
    reads.expect_list_jobs().returning(move |_, _| {
        Ok(Page {
            items: vec![shown.job()],
            next_after: None,
        })
    });
    reads
        .expect_list_findings()
        .returning(|_, _, _| Ok(nothing()));
    reads
        .expect_list_audit_chain()
        .returning(|_, _| Ok(nothing()));
    story
}

fn nothing<Item, Position>() -> Page<Item, Position> {
    Page {
        items: Vec::new(),
        next_after: None,
    }
}

async fn begin(api: TestApi) -> BodyDataStream {
    let path = api.path("/export");
    let answer = api
        .router()
        .oneshot(request(Method::GET, &path, &[], ""))
        .await;
    let answer = answer.expect("routers do not fail");
    assert_eq!(answer.status(), StatusCode::OK);
    answer.into_body().into_data_stream()
}

/// The lines that still come, and whether the body came to its end.
async fn rest(mut body: BodyDataStream) -> (Vec<Value>, bool) {
    let mut lines = Vec::new();
    while let Some(bytes) = tokio::time::timeout(PATIENCE, body.next())
        .await
        .expect("the export ends")
    {
        let Ok(bytes) = bytes else {
            return (lines, false);
        };
        lines.push(serde_json::from_slice(&bytes).expect("an object"));
    }
    (lines, true)
}

#[tokio::test]
async fn every_line_of_a_long_log_is_in_an_export_and_the_end_counts_them() {
    let mut api = TestApi::new();
    let story = small_team(&mut api, true, false);
    let lines: Vec<String> = (1..=450).map(|number| format!("line {number}")).collect();
    story.write(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let (lines, is_whole) = rest(begin(api).await).await;
    assert!(is_whole);
    let sequences = lines.iter().filter_map(|line| line["sequence"].as_i64());
    assert_eq!(sequences.collect::<Vec<_>>(), (1..=450).collect::<Vec<_>>());
    let end = lines.last().expect("a last line");
    assert_eq!(end["counts"]["job_log_line"], 450);
    assert_eq!(
        (&end["counts"]["job"], &end["type"]),
        (&1.into(), &"end".into())
    );
}

#[tokio::test]
async fn who_loses_the_rights_loses_the_rest() {
    let mut api = TestApi::new();
    small_team(&mut api, true, true);
    let clock = Arc::new(ManualClock::new());
    api.clock = clock.clone();
    let live = api.live_tokens.clone();
    let mut body = begin(api).await;
    let first = body.next().await.expect("a line").expect("a whole one");
    assert!(first.starts_with(b"{\"type\":\"export\""));
    *live.lock().expect("no panic while held") = false;
    clock.advance(Duration::from_millis(500));
    let (lines, is_whole) = rest(body).await;
    assert_eq!((lines, is_whole), (Vec::new(), false));
}

#[tokio::test]
async fn an_export_that_the_store_breaks_off_has_no_end() {
    let mut api = TestApi::new();
    small_team(&mut api, false, false);
    let (lines, is_whole) = rest(begin(api).await).await;
    let types: Vec<_> = lines.iter().map(|line| &line["type"]).collect();
    assert_eq!(types, ["export", "team"]);
    assert!(!is_whole, "the connection is cut");
}
